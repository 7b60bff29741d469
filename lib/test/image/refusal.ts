import { expect } from 'vitest';

/** What an error is to be, for `toThrow`: its code, and a text that its message has. */
export function refusal(code: string, text = ''): Error {
  const message = expect.stringContaining(text) as string;
  return expect.objectContaining({ code, message }) as Error;
}
