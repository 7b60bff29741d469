/** Tables, processes of ps(1), features. */
import { expect, it } from 'vitest';
import { features } from '../src/runtime-cli/commands/features.ts';
import { onlyRows } from '../src/runtime-cli/commands/ps.ts';
import { listenerCount } from '../src/runtime-cli/descriptors.ts';
import { table } from '../src/runtime-cli/table.ts';

it('a table has columns of twelve characters or the widest cell', () => {
  const rows = [
    ['ID', 'PID', 'OWNER'],
    ['a-name-of-some-length', '7', 'root'],
  ];
  expect(table(rows)).toBe(
    'ID                      PID         OWNER\na-name-of-some-length   7           root\n',
  );
});

const PS =
  '  PID TTY      CMD\n    1 ?        init 7\n    7 ?        sleep 1\n   77 ?        sleep 7\n';

it('of what ps says, the rows of the container’s processes are left', () => {
  expect(onlyRows(PS, [7])).toBe('  PID TTY      CMD\n    7 ?        sleep 1\n');
});

it('options of ps that hide the PID are refused', () => {
  expect(() => onlyRows('CMD\ninit\n', [1])).toThrow("couldn't find PID field in ps output");
});

it('descriptors of a service manager are taken only when they are meant for this process', () => {
  expect(listenerCount({ LISTEN_PID: '42', LISTEN_FDS: '2' }, 42)).toBe(2);
  expect(listenerCount({ LISTEN_PID: '41', LISTEN_FDS: '2' }, 42)).toBe(0);
  expect(listenerCount({ LISTEN_PID: '42', LISTEN_FDS: 'x' }, 42)).toBe(0);
  expect(listenerCount({ LISTEN_FDS: '2' }, 42)).toBe(0);
});

it('features name what engines look for', () => {
  const { ociVersionMin, ociVersionMax, mountOptions, linux } = features();
  expect([ociVersionMin, ociVersionMax]).toEqual(['1.0.0', '1.3.0']);
  expect(mountOptions).toContain('rro');
  expect(linux?.cgroup).toMatchObject({ v1: true, v2: true, systemd: true, systemdUser: true });
  expect(linux?.seccomp?.actions).toContain('SCMP_ACT_NOTIFY');
  expect(linux?.mountExtensions?.idmap?.enabled).toBe(true);
});
