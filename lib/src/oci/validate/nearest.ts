/** Guesses the name that somebody meant. */

const FURTHEST = 3;

/** The name that takes the fewest one-letter edits, if three or fewer are enough. */
export function nearest(found: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = FURTHEST + 1;
  for (const name of names) {
    const edits = editDistance(found.toUpperCase(), name.toUpperCase());
    // A name of three letters is three edits away from every other: that is no likeness.
    if (edits < fewest && edits < name.length / 2) [best, fewest] = [name, edits];
  }
  return best;
}

/** Levenshtein's distance: how many letters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
