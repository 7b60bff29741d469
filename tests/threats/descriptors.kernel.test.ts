/** Threat 2: descriptors of the host that reach a container (CVE-2024-21626). */
import { closeSync, openSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { syscall, words } from 'coracle/sys';
import { Box, failureOf, whyNoContainers } from './box.ts';
import { alterCalls } from './without.ts';

describe.skipIf(whyNoContainers() !== undefined)('descriptors of the host', () => {
  describe('as the working directory', () => {
    it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20])(
      '/proc/self/fd/%i is refused, and leaves nothing',
      (fd) => {
        using box = new Box();
        box.configure(['pwd'], changeCwd(`/proc/self/fd/${fd}`));
        expect(withHostDirectory(box, (open) => failureOf(open)).message).toContain('process/cwd');
        expect(readdirSync(box.state).filter((name) => !name.startsWith('.'))).toEqual([]);
      },
    );

    it('a symlink of the image to /proc/self/fd/0 is refused', () => {
      using box = new Box();
      symlinkSync('/proc/self/fd/0', path.join(box.rootfs, 'work'));
      box.configure(['pwd'], changeCwd('/work/..'));
      expect(withHostDirectory(box, (open) => failureOf(open)).message).toContain('process/cwd');
    });

    it('/proc/self/fd/0 is refused to exec', () => {
      using box = new Box();
      box.configure(['sleep', '1000']);
      box.create();
      box.runtime.start('box');
      for (const cwd of ['/proc/self/fd/0', '/proc/self/fd/3', '/proc/1/fd/0', '/proc/1/cwd/..']) {
        expect(() => box.exec(['pwd'], { cwd })).toThrow('process/cwd');
      }
    });

    it('without RESOLVE_NO_MAGICLINKS it would be a directory of the host', () => {
      using box = new Box();
      box.configure(['pwd'], changeCwd('/proc/self/fd/0'));
      alterCalls((name, args) =>
        name === 'openat2' && args[1] === 'proc/self/fd/0'
          ? [args[0] ?? null, args[1], words([0o10000000, 0, 0]), 24]
          : args,
      );
      const pid = withHostDirectory(box, (open) => open());
      expect(readlinkSync(`/proc/${pid}/cwd`)).toContain('outside');
    });
  });

  describe('that were open in the runtime', () => {
    it('are not there in a created container, and its directories are its own root', () => {
      using box = new Box();
      box.configure(['true']);
      const pid = withLeakyDescriptor(box, () => box.create());
      expect(descriptorsOf(pid)).not.toContain(box.outside);
      const roots = readdirSync(`/proc/${pid}/fd`).filter(
        (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === '/',
      );
      for (const fd of roots) {
        expect(statSync(`/proc/${pid}/fd/${fd}`).ino).toBe(statSync(box.rootfs).ino);
      }
    });

    it('are not there in a running container, nor in a process of exec', () => {
      using box = new Box();
      box.configure(['sleep', '1000']);
      const pid = withLeakyDescriptor(box, () => box.create());
      box.runtime.start('box');
      expect(descriptorsOf(pid)).toHaveLength(3);
      const { stdout } = withLeakyDescriptor(box, () => box.exec(['ls', '/proc/self/fd']));
      expect(stdout.split('\n').filter(Boolean)).toEqual(['0', '1', '2', '3']);
    });

    it('without close_range they would be there', () => {
      using box = new Box();
      box.configure(['true']);
      alterCalls((name, args) => (name === 'close_range' ? [0x7fff_fff0, 0x7fff_fff1, 0] : args));
      expect(withLeakyDescriptor(box, () => descriptorsOf(box.create()))).toContain(box.outside);
    });
  });
});

type Change = NonNullable<Parameters<Box['configure']>[1]>;

function changeCwd(cwd: string): Change {
  return (config) => {
    Object.assign(config.process ?? {}, { cwd });
  };
}

/** Creates the container with a directory of the host as its stdin. */
function withHostDirectory<T>(box: Box, use: (create: () => number) => T): T {
  return use(() => box.create({}, box.outside));
}

const F_SETFD = 2;

/** A descriptor that this process has open without O_CLOEXEC, as a careless library would. */
function withLeakyDescriptor<T>(box: Box, use: () => T): T {
  const leaky = openSync(box.outside, 'r');
  try {
    syscall('fcntl', leaky, F_SETFD, 0);
    return use();
  } finally {
    closeSync(leaky);
  }
}

/** Seen from outside; sockets have numbers that say nothing. */
function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .map(Number)
    .toSorted((a, b) => a - b)
    .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/^socket:.*/, 'socket'));
}
