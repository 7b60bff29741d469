/** Threat 30: a state directory that is full or read-only, few descriptors, a container out of memory. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RuntimeConfig } from 'coracle/oci';
import { Box, whyNoContainers } from './box.ts';
import { cgroupsOf, command, whyNoCommand, type CommandResult } from './command.ts';

const why = whyNoContainers() ?? whyNoCommand();

describe.skipIf(why !== undefined)('when something runs out', () => {
  describe('space for the state', () => {
    it.each(['size=16k', 'size=32k', 'size=64k', 'nr_inodes=2', 'nr_inodes=3'])(
      'with %s: create fails with a clear error and leaves nothing',
      (limit) => {
        using box = new Box();
        box.configure(['sleep', '1000'], large);
        using root = new SmallRoot(box, limit);
        const result = create(box, root.path);
        expectClearError(result, /ENOSPC|no space/i);
        expect(containersIn(root.path)).toEqual([]);
        expect(cgroupsOf(NAME)).toEqual([]);
      },
    );

    it('with enough of it, the same container is made', () => {
      using box = new Box();
      box.configure(['sleep', '1000'], large);
      using root = new SmallRoot(box, 'size=4m');
      expect(create(box, root.path)).toMatchObject({ code: 0 });
      expect(command(['--root', root.path, 'delete', '--force', NAME])).toMatchObject({ code: 0 });
      expect(cgroupsOf(NAME)).toEqual([]);
    });

    it('on a read-only filesystem: create fails with a clear error and leaves nothing', () => {
      using box = new Box();
      box.configure(['sleep', '1000']);
      using root = new SmallRoot(box, 'ro');
      expectClearError(create(box, root.path), /EROFS|read-only/i);
      expect(containersIn(root.path)).toEqual([]);
      expect(cgroupsOf(NAME)).toEqual([]);
    });

    it('full after create: start, kill and delete still work', () => {
      using box = new Box();
      box.configure(['sleep', '1000']);
      using root = new SmallRoot(box, 'size=256k');
      expect(create(box, root.path)).toMatchObject({ code: 0 });
      fill(root.path);
      for (const args of [['start'], ['delete', '--force']]) {
        expect(command(['--root', root.path, ...args, NAME])).toMatchObject({
          code: 0,
          stderr: '',
        });
      }
      expect(containersIn(root.path)).toEqual([]);
      expect(cgroupsOf(NAME)).toEqual([]);
    });
  });

  it.each([22, 23, 24, 25, 26, 28, 40])(
    'with %i descriptors at most: a container is made, or a clear error leaves nothing',
    (limit) => {
      using box = new Box();
      box.configure(['sleep', '1000'], ({ process }) => {
        Object.assign(process ?? {}, { rlimits: [] });
      });
      const result = create(box, box.state, ['prlimit', `--nofile=${limit}:${limit}`]);
      if (result.code === 0) {
        box.runtime.delete(NAME, { force: true });
      } else {
        expectClearError(result, /EMFILE|too many open/i);
      }
      expect(containersIn(box.state)).toEqual([]);
      expect(cgroupsOf(NAME)).toEqual([]);
    },
  );

  describe('memory of a container', () => {
    it('run ends with 137, and leaves nothing', () => {
      using box = new Box();
      box.configure(['tail', '/dev/zero'], withLittleMemory);
      expect(command(['--root', box.state, 'run', '-b', box.bundle, NAME])).toMatchObject({
        code: 137,
      });
      expect(containersIn(box.state)).toEqual([]);
      expect(cgroupsOf(NAME)).toEqual([]);
    });

    it('the container is stopped by SIGKILL, says so, and can be deleted', () => {
      using box = new Box();
      box.configure(['tail', '/dev/zero'], withLittleMemory);
      box.create();
      box.runtime.start('box');
      expect(box.wait('box').status).toEqual({ signal: 9 });
      expect(box.runtime.state('box')).toMatchObject({ status: 'stopped' });
      box.runtime.delete('box');
      expect(box.runtime.list()).toEqual([]);
    });

    it('too little even to begin: create or start fails clearly, and nothing is left', () => {
      using box = new Box();
      box.configure(['sleep', '1000'], (config) => limitMemory(config, 64 << 10));
      const result = create(box, box.state);
      if (result.code === 0) command(['--root', box.state, 'delete', '--force', NAME]);
      else expect(result.stderr).toMatch(/memory|cgroup|init/i);
      expect(containersIn(box.state)).toEqual([]);
      expect(cgroupsOf(NAME)).toEqual([]);
    });
  });
});

/** Not `box`: other tests on this machine may have a cgroup of that name. */
const NAME = `threat-30-${process.pid}`;

/** A tmpfs of its own for the state, unmounted in the end. */
class SmallRoot implements Disposable {
  readonly path: string;

  constructor(box: Box, options: string) {
    this.path = path.join(box.folder, 'small');
    mkdirSync(this.path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', this.path]);
  }

  [Symbol.dispose](): void {
    command(['--root', this.path, 'delete', '--force', NAME]);
    execFileSync('umount', [this.path]);
  }
}

function create(box: Box, root: string, before: readonly string[] = []): CommandResult {
  const quiet = ['sh', '-c', 'exec "$@" > /dev/null 2>"$0"', path.join(box.folder, 'err')];
  const { code } = command(
    ['--root', root, 'create', '-b', box.bundle, NAME],
    // A created container holds the streams of its creator, and a pipe would never end.
    [...quiet, ...before],
  );
  return { code, stdout: '', stderr: readFileSync(path.join(box.folder, 'err'), 'utf8') };
}

function expectClearError({ code, stderr }: CommandResult, cause: RegExp): void {
  expect(code).not.toBe(0);
  expect(stderr).toMatch(cause);
  expect(stderr).not.toMatch(/\n\s+at \w/);
}

/** Containers have directories; what starts with a dot is the runtime's own. */
function containersIn(root: string): string[] {
  try {
    return readdirSync(root).filter((name) => !name.startsWith('.'));
  } catch {
    // It was never made.
    return [];
  }
}

/** A record of 100 KiB. */
function large(config: RuntimeConfig): void {
  config.annotations = { filler: 'x'.repeat(100 << 10) };
}

function withLittleMemory(config: RuntimeConfig): void {
  limitMemory(config, 16 << 20);
}

function limitMemory(config: RuntimeConfig, bytes: number): void {
  Object.assign(config.linux?.resources ?? {}, { memory: { limit: bytes } });
}

/** To the last page. */
function fill(root: string): void {
  const file = path.join(root, '.filler');
  execFileSync('sh', ['-c', `dd if=/dev/zero of=${file} bs=4k 2>/dev/null || true`]);
}
