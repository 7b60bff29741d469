import { expect, test } from 'vitest';
import { splitSignature } from '../../../src/sys/index.ts';

test.each([
  ['', []],
  ['s', ['s']],
  ['ssa(sv)a(sa(sv))', ['s', 's', 'a(sv)', 'a(sa(sv))']],
  ['aayv', ['aay', 'v']],
  ['a{sv}(u(sb))', ['a{sv}', '(u(sb))']],
])('%s is taken apart into its types', (signature, types) => {
  expect(splitSignature(signature)).toEqual(types);
});

test.each(['z', 'a', '(', '(s', ')', '()', 'a{', 's)'])('%s is refused', (signature) => {
  expect(() => splitSignature(signature)).toThrow(/is not a D-Bus signature/);
});
