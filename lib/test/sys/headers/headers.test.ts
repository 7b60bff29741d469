import { beforeAll, describe, expect, test } from 'vitest';
import { everything, type Ours } from './ours.ts';
import { askHeaders, whyNoHeaders, type Answers } from './probe.ts';

/** Macros that came after the oldest headers that we support (Debian 12: Linux 6.1). */
const LATER: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  MFD_EXEC: [6, 3],
  MOVE_MOUNT_BENEATH: [6, 5],
};

const reason = whyNoHeaders();

describe.skipIf(reason !== undefined)(`what the headers say${reason ? `: ${reason}` : ''}`, () => {
  let ours: Ours[] = [];
  let headers: Answers = new Map();

  beforeAll(async () => {
    ours = await everything();
    const part = (wanted: Ours['part']) => ours.filter(({ part: own }) => own === wanted);
    headers = askHeaders({
      kernel: [...part('kernel'), { name: 'version', expression: 'LINUX_VERSION_CODE' }],
      libc: part('libc'),
      arm64: part('arm64'),
    });
  }, 60_000);

  test('every constant, errno, system call number, size and offset is the same', () => {
    expect(ours.length).toBeGreaterThan(600);
    expect(differences(ours, headers)).toEqual([]);
  });

  test('one altered number of each sort is noticed', () => {
    for (const name of ['MS_REC', 'errno ENOENT', 'x64 mount', 'arm64 mount', 'SOCK_SEQPACKET']) {
      const altered = ours.map((item) =>
        item.name === name ? { ...item, value: item.value + 1 } : item,
      );
      expect(differences(altered, headers)).toEqual([expect.stringContaining(name)]);
    }
  });

  test('a name that the headers do not have is noticed', () => {
    const invented: Ours = { part: 'kernel', name: 'MS_NONE', value: 1, expression: 'MS_NONE' };
    expect(differences([invented], headers)).toEqual([
      'MS_NONE is not in the headers: is it misspelt, or is an #include missing in probe.ts?',
    ]);
  });
});

function differences(ours: readonly Ours[], headers: Answers): string[] {
  return ours.flatMap(({ name, value }) => {
    const theirs = headers.get(name);
    if (theirs === value) return [];
    if (theirs !== undefined) return [`${name} is ${value} here and ${theirs} in the headers`];
    if (cameLater(name, headers.get('version') ?? 0)) return [];
    return [
      `${name} is not in the headers: is it misspelt, or is an #include missing in probe.ts?`,
    ];
  });
}

function cameLater(name: string, version: number): boolean {
  const [major, minor] = LATER[name] ?? [0, 0];
  return version < (major << 16) + (minor << 8);
}
