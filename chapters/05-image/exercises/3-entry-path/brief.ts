/** Repetitions as a number, so that a report can show a long path: `a/n×255`. */
export function brief(text: string): string {
  const names = text.replaceAll(/(.)\1{9,}/gs, (all, part: string) => `${part}×${all.length}`);
  return names.replaceAll(
    /([^/]+\/)\1{4,}/g,
    (all, part: string) => `(${part})×${all.length / part.length}`,
  );
}
