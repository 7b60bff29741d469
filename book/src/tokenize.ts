/**
 * Cuts a text into the words that the search finds. Pure; it is also sent to the browser as text,
 * so it uses nothing from outside itself.
 *
 * Chinese and Japanese have no spaces: there each pair of neighbours is a word, and each character
 * too, so that a search finds them in the middle of a run.
 */
export function tokenize(text: string): string[] {
  const runs = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[\p{L}\p{N}_]+/gu,
  );
  return (runs ?? []).flatMap((run) => {
    if (!/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(run)) return [run];
    const characters = Array.from(run);
    return [
      ...characters,
      ...characters.slice(1).map((_, at) => characters.slice(at, at + 2).join('')),
    ];
  });
}
