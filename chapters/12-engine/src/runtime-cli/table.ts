/**
 * Columns of text, as wide as their widest cell and three spaces; a column has `least` characters at
 * least, as runc's have 12, and the last one gets no padding.
 */
export function table(rows: readonly (readonly string[])[], least = 12): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? least, cell.length + 3);
    }
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}
