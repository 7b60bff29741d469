/** The contents of the crash tests, the same to the child that writes them and to the test. */

/** What is written as this ref: 20,000 bytes and some. */
export function contentOf(ref: string): Buffer {
  return Buffer.alloc(20_000 + ref.length, `${ref}\n`);
}
