import { expect, it } from 'vitest';
import { mapsEveryId } from '../../src/sys/privilege.ts';

it.each([
  ['the initial namespace', '         0          0 4294967295\n', true],
  ['a user alone', '         0       1000          1\n', false],
  [
    'a user and subordinate ids',
    '         0       1000          1\n         1     100000      65536\n',
    false,
  ],
  ['all ids but the last', '         0          0 4294967294\n', false],
  [
    'all ids in two pieces',
    '         0          0          1\n         1          1 4294967294\n',
    false,
  ],
  ['nothing yet', '', false],
])('every id is its own in %s: %s', (_, uidMap, expected) => {
  expect(mapsEveryId(uidMap)).toBe(expected);
});
