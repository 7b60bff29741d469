/**
 * kill -9 in the middle of a pull, an unpack, a push: the same command again succeeds, what the store
 * has is whole, and nothing is left over.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openContentStore } from 'coracle/image';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rounds, slowness } from '../../lib/test/rounds.ts';
import { Random } from '../fuzz/random.ts';
import { serveImage, type ImageServer } from './image-server.ts';

const coracle = path.resolve(import.meta.dirname, '../../chapters/12-engine/bin/coracle');
const scratch = mkdtempSync('/tmp/coracle-kill-test-');
let registry: ImageServer;
let root: string;
beforeAll(async () => {
  registry = await serveImage(path.join(scratch, 'registry'), 3, 2_000_000);
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  root = mkdtempSync(path.join(scratch, 'root-'));
});

describe.each<[what: string, kills: number, prepare: readonly string[][], command: () => string[]]>(
  [
    ['pull', rounds(25), [], () => ['pull', registry.name]],
    [
      'unpack',
      rounds(15),
      [['pull', '--download-only']],
      () => ['unpack', registry.name, path.join(root, 'bundle')],
    ],
    ['push', rounds(10), [['pull', '--download-only']], () => ['push', registry.name]],
  ],
)('%s', (what, kills, prepare, command) => {
  it(
    `killed ${kills} times at any moment, then let be`,
    { timeout: 300_000 * slowness },
    async () => {
      for (const first of prepare) expect(await run([...first, registry.name])).toEqual(DONE);
      // How long it takes in peace says when it may be killed.
      const calm = mkdtempSync(path.join(scratch, 'calm-'));
      for (const first of prepare) await run([...first, registry.name], calm);
      const began = performance.now();
      await run(
        command().map((each) => each.replace(root, calm)),
        calm,
      );
      const duration = performance.now() - began;

      const random = new Random(kills);
      for (let kill = 0; kill < kills; kill++) await killed(command(), random.next() * duration);
      if (what === 'unpack') rmSync(path.join(root, 'bundle'), { recursive: true, force: true });
      expect(await run(command())).toEqual(DONE);

      using store = openContentStore(path.join(root, 'content'));
      expect(await Array.fromAsync(store.verify())).toEqual([]);
      expect(store.images.list().map(({ target }) => target.digest)).toEqual([
        registry.target.digest,
      ]);
      store.collect({ ingestsOlderThan: 0 });
      expect(store.ingests()).toEqual([]);
      expect(await Array.fromAsync(registry.content.verify())).toEqual([]);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(root);
      expect(readdirSync(root).filter((name) => name.includes('unfinished'))).toEqual([]);
      if (what === 'unpack')
        expect(existsSync(path.join(root, 'bundle/rootfs/layer-2/file-9'))).toBe(true);
    },
  );
});

it(
  'half unpacked snapshots of a killed pull are gone after the next',
  { timeout: 60_000 * slowness },
  async () => {
    await killed(['pull', registry.name], 'Extracting');
    expect(await run(['pull', registry.name])).toEqual(DONE);
    const records = path.join(root, 'snapshots/records');
    const names = readdirSync(records).map((each) => {
      return (JSON.parse(readFileSync(path.join(records, each), 'utf8')) as { name: string }).name;
    });
    expect(names.every((name) => name.startsWith('sha256:'))).toBe(true);
    expect(names.length).toBe(3);
  },
);

const DONE = { code: 0, complaint: '' };

async function run(
  args: readonly string[],
  folder = root,
): Promise<{ code: unknown; complaint: string }> {
  const child = spawn(coracle, ['--root', folder, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const complaint = errors
    .split('\n')
    .filter((line) => line.startsWith('coracle: '))
    .join('\n');
  return { code, complaint };
}

/** @param when milliseconds after the start, or as soon as it says this. */
async function killed(args: readonly string[], when: number | string): Promise<void> {
  const child = spawn(coracle, ['--root', root, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const kill = (): boolean => child.kill('SIGKILL');
  if (typeof when === 'number') {
    const timer = setTimeout(kill, when);
    child.stderr.resume();
    await closed;
    clearTimeout(timer);
    return;
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes(when)) kill();
  });
  await closed;
}
