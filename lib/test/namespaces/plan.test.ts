/** Plans, mappings and offsets: data in, data or text out. */
import { describe, expect, test } from 'vitest';
import {
  creates,
  idMapText,
  kindOf,
  NAMESPACE_KINDS,
  planNamespaces,
  separates,
  timeOffsetsText,
} from '../../src/namespaces/index.ts';
import { NAMESPACE_TYPES } from '../../src/oci/index.ts';

describe('a plan', () => {
  test('an entry without a path is made, one with a path is joined, the others are the host’s', () => {
    const plan = planNamespaces([{ type: 'uts' }, { type: 'network', path: '/run/net' }]);
    expect(plan.create.map(({ type }) => type)).toEqual(['uts']);
    expect(plan.join).toEqual([
      { kind: kindOf('network'), path: '/run/net', source: '/linux/namespaces/1/path' },
    ]);
  });

  test('an empty path counts as none', () => {
    const plan = planNamespaces([{ type: 'ipc', path: '' }]);
    expect([plan.create.length, plan.join.length]).toEqual([1, 0]);
  });

  test('the user namespace comes first, wherever the config has it', () => {
    const plan = planNamespaces([{ type: 'pid' }, { type: 'mount' }, { type: 'user' }]);
    expect(plan.create.map(({ type }) => type)).toEqual(['user', 'mount', 'pid']);
  });

  test.each(NAMESPACE_TYPES.map((type) => ({ type, forks: type === 'pid' || type === 'time' })))(
    'made or joined, $type forks: $forks',
    ({ type, forks }) => {
      expect(planNamespaces([{ type }]).mustFork).toBe(forks);
      expect(planNamespaces([{ type, path: '/x' }]).mustFork).toBe(forks);
    },
  );

  test('what is joined is separate, but not made', () => {
    const plan = planNamespaces([{ type: 'network', path: '/run/net' }, { type: 'uts' }]);
    expect([creates(plan, 'network'), separates(plan, 'network')]).toEqual([false, true]);
    expect([creates(plan, 'uts'), separates(plan, 'uts')]).toEqual([true, true]);
    expect([creates(plan, 'ipc'), separates(plan, 'ipc')]).toEqual([false, false]);
  });

  test('every type of the specification has one kind', () => {
    expect(NAMESPACE_KINDS.map(({ type }) => type).toSorted()).toEqual(NAMESPACE_TYPES.toSorted());
    expect(new Set(NAMESPACE_KINDS.map(({ flag }) => flag)).size).toBe(8);
  });
});

describe('the texts that are written into /proc', () => {
  test('a mapping is inside, outside, size; one a line', () => {
    const mappings = [
      { containerID: 0, hostID: 1000, size: 1 },
      { containerID: 1, hostID: 100_000, size: 65_535 },
    ];
    expect(idMapText(mappings)).toBe('0 1000 1\n1 100000 65535\n');
  });

  test('no mappings are no text', () => {
    expect(idMapText([])).toBe('');
  });

  test('an offset is clock, seconds, nanoseconds; what is left out is zero', () => {
    const offsets = { boottime: { secs: -5, nanosecs: 7 }, monotonic: { secs: 86_400 } };
    expect(timeOffsetsText(offsets)).toBe('boottime -5 7\nmonotonic 86400 0\n');
    expect(timeOffsetsText({ monotonic: {} })).toBe('monotonic 0 0\n');
  });
});
