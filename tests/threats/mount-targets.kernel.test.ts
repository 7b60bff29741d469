/** Threats 6 to 8: symlinks where something is to be mounted or made, fixed and swapped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RuntimeConfig } from 'coracle/oci';
import { Box, whyNoContainers } from './box.ts';
import { resolveAnywhere } from './without.ts';

describe.skipIf(whyNoContainers() !== undefined)('targets of mounts', () => {
  describe('that are symlinks out of the root (RESOLVE_IN_ROOT)', () => {
    it.each(
      ['dev', 'proc', 'sys', 'dev/shm', 'data'].flatMap((name) => [
        [name, 'an absolute one'] as const,
        [name, 'one that climbs'] as const,
      ]),
    )('/%s as %s: nothing is made or mounted on the host', (name, kind) => {
      using box = new Box();
      const target = path.join(box.rootfs, name);
      mkdirSync(path.dirname(target), { recursive: true });
      const climbs = `../../../../../../../..${box.outside}`;
      symlinkSync(kind === 'an absolute one' ? box.outside : climbs, target);
      box.configure(['true'], (config) => {
        intoData(config, box);
        if (name.startsWith('dev/')) dropMount(config, '/dev');
      });
      attempt(box);
      expect(box.made()).toEqual([]);
      expect(box.mounts()).toEqual([]);
    });

    it.each(['/data/work', '/data/../data/work'])('the working directory %s', (cwd) => {
      using box = new Box();
      symlinkSync(box.outside, path.join(box.rootfs, 'data'));
      box.configure(['true'], (config) => {
        Object.assign(config.process ?? {}, { cwd });
      });
      attempt(box);
      expect(box.made()).toEqual([]);
    });

    it('without RESOLVE_IN_ROOT, directories would be seen on the host', () => {
      using box = new Box();
      symlinkSync(box.outside, path.join(box.rootfs, 'data'));
      box.configure(['true'], (config) => intoData(config, box));
      resolveAnywhere();
      attempt(box);
      expect(box.made()).not.toEqual([]);
    });
  });

  describe('that somebody swaps meanwhile (CVE-2021-30465, CVE-2024-45310)', () => {
    it('are never followed to the host: nothing made, nothing mounted there', async () => {
      using box = new Box();
      prepareRace(box);
      const { created } = await race(box, (rounds, made) => rounds >= 60 && made > 0);
      expect(created).toBeGreaterThan(0);
      expect(box.made()).toEqual(['existing']);
      expect(mountedOutside(box)).toEqual([]);
      expect(box.mounts()).toEqual([]);
    });

    it('without RESOLVE_IN_ROOT, the race would be lost, and seen', async () => {
      using box = new Box();
      prepareRace(box);
      resolveAnywhere();
      await race(box, () => box.made().length > 1 && mountedOutside(box).length > 0);
      expect(box.made()).not.toEqual(['existing']);
      expect(mountedOutside(box)).not.toEqual([]);
    });
  });
});

/** Mounts and a device below /data: directories, a file. */
function intoData(config: RuntimeConfig, box: Box): void {
  const file = path.join(box.folder, 'source');
  writeFileSync(file, 'source');
  config.mounts?.push(
    { destination: '/data/sub/deep', type: 'tmpfs', source: 'tmpfs' },
    { destination: '/data/file', type: 'bind', source: file, options: ['bind'] },
  );
  Object.assign(config.linux ?? {}, {
    devices: [{ path: '/data/node', type: 'c', major: 1, minor: 3 }],
  });
}

function dropMount(config: RuntimeConfig, destination: string): void {
  config.mounts = (config.mounts ?? []).filter((mount) => mount.destination !== destination);
}

/** Refused or not, what counts is what is left on the host. */
function attempt(box: Box): boolean {
  try {
    box.create();
    return true;
  } catch {
    return false;
  } finally {
    box.runtime.delete('box', { force: true });
  }
}

/** A hook writes down the mounts as they are before pivot_root, which hides all outside the root. */
function prepareRace(box: Box): void {
  mkdirSync(path.join(box.outside, 'existing'));
  const hook = path.join(box.folder, 'hook');
  writeFileSync(
    hook,
    `#!/bin/sh
pid=$(grep -o '"pid": *[0-9]*' | grep -o '[0-9]*')
cat /proc/$pid/mountinfo >> ${box.folder}/seen
`,
  );
  chmodSync(hook, 0o755);
  box.configure(['true'], (config) => {
    intoData(config, box);
    config.mounts?.push({ destination: '/data/existing', type: 'tmpfs', source: 'tmpfs' });
    config.hooks = { createRuntime: [{ path: hook }] };
  });
}

const SWAP = path.join(import.meta.dirname, 'swap.ts');

/** Longer than any machine should need. */
const PATIENCE = 100_000;

/** Creates containers while /data is swapped, until it is decided who wins or patience is over. */
async function race(
  box: Box,
  isDecided: (rounds: number, created: number) => boolean,
): Promise<{ created: number }> {
  const swapper = spawn(process.execPath, [SWAP, box.rootfs, box.outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(swapper.stdout, 'data');
    const end = Date.now() + PATIENCE;
    let created = 0;
    for (let round = 0; Date.now() < end && !isDecided(round, created); round += 1) {
      if (attempt(box)) created += 1;
    }
    return { created };
  } finally {
    swapper.kill('SIGKILL');
    await once(swapper, 'exit');
  }
}

function mountedOutside(box: Box): string[] {
  const seen = path.join(box.folder, 'seen');
  if (!existsSync(seen)) return [];
  return readFileSync(seen, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(box.outside));
}
