import { describe, expect, it } from 'vitest';
import { parseSignal } from '../src/runtime-cli/signal-names.ts';

describe('a signal', () => {
  it.each([
    ['KILL', 9],
    ['SIGKILL', 9],
    ['kill', 9],
    ['sigTerm', 15],
    ['9', 9],
    ['0', 0],
    ['SIGRTMIN', 34],
    ['RTMIN+3', 37],
    ['SIGRTMIN+30', 64],
    ['SIGRTMAX', 64],
    ['RTMAX-1', 63],
    ['64', 64],
  ])('%s is %d', (text, number) => expect(parseSignal(text)).toBe(number));

  it.each(['', 'NOPE', '-9', '65', '9.0', 'SIG', 'SIGRTMIN+31', 'RTMAX-31', 'RTMIN-1', 'toString'])(
    '%j is none',
    (text) => expect(() => parseSignal(text)).toThrow(`unknown signal ${JSON.stringify(text)}`),
  );
});
