/**
 * Columns of text, as wide as their widest cell and three spaces; a column has 12 characters at
 * least, and the last one gets no padding.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 12, cell.length + 3);
    }
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}
