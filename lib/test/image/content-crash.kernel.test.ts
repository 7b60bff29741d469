import { setTimeout as sleep } from 'node:timers/promises';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { rounds, slowness } from '../rounds.ts';
import { contentOf } from './content-crash.ts';
import { blobFiles, problems, sha256, start, StoreScratch } from './content-scratch.ts';

/** The calls that change a store, by the names of both architectures. */
const STEPS = [
  ['rename', 'renameat', 'renameat2'],
  ['mkdir', 'mkdirat'],
  ['unlink', 'unlinkat', 'rmdir'],
  ['pwrite64'],
  ['ftruncate'],
  ['fsync', 'fdatasync'],
  ['flock'],
].map((names) => names.map((name) => `?${name}`).join(','));

const SCRIPT = 'content-crash-child.ts';

let scratch: StoreScratch;

beforeEach(() => {
  scratch = new StoreScratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

describe('kill -9 of a process that works on a store', () => {
  it.each(STEPS)('before each %s', { timeout: 600_000 }, async (calls) => {
    // Every one, or each thirtieth (say) where the start of a process takes seconds.
    for (let step = 1; ; step += stride(calls)) {
      const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${step}`];
      const strace = ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];
      const child = start(SCRIPT, [scratch.root, `step ${step}`, '1', 'true'], strace);
      const { code, lines } = await child.ended;
      expect(await faults(lines)).toEqual(NO_FAULTS);
      if (code !== 0) continue;
      expect(lines).toHaveLength(3);
      expect(step).toBeGreaterThan(1);
      return;
    }
  });

  it('at random moments, of two at once', { timeout: 600_000 }, async () => {
    let acknowledged = 0;
    for (let round = 0; round < rounds(15); round += 1) {
      const killed = ['a', 'b'].map(async (name) => {
        const child = start(SCRIPT, [scratch.root, `random ${round} ${name}`, 'Infinity']);
        await child.spoke;
        await sleep(Math.random() * 150 * slowness);
        child.child.kill('SIGKILL');
        return (await child.ended).lines;
      });
      const lines = (await Promise.all(killed)).flat();
      acknowledged += lines.length - 2;
      expect(await faults(lines)).toEqual(NO_FAULTS);
    }
    expect(acknowledged).toBeGreaterThan(0);
  });
});

/** There are a hundred writes, and nothing but reading between most of them. */
function stride(calls: string): number {
  const slow = slowness === 1 ? 1 : 4 * slowness;
  return slow * (calls === '?pwrite64' || calls === '?flock' ? 10 : 1);
}

const NO_FAULTS = {
  damaged: [],
  missing: [],
  wrongIngests: [],
  notResumed: [],
  withoutRow: [],
  withoutFile: [],
  folders: [],
};

/** What is wrong with the store that a killed child has left, and after a collection. */
async function faults(lines: readonly string[]): Promise<object> {
  using store = scratch.open();
  const damaged = await problems(store);
  const missing = acknowledgedBlobs(lines).filter((digest) => !isWhole(store, digest));
  const refs = store.ingests();
  const wrongIngests = refs.filter(({ ref, offset }) => offset > contentOf(ref).length);
  const notResumed = refs.filter(({ ref }) => !resumes(store, ref));
  for (const { id } of store.leases.list()) store.leases.delete(id);
  store.collect();
  const rows = [...store.walk()].map(({ digest }) => digest);
  const files = blobFiles(scratch.root);
  return {
    damaged,
    missing,
    wrongIngests,
    notResumed,
    withoutRow: files.filter((digest) => !rows.includes(digest as Digest)),
    withoutFile: rows.filter((digest) => !files.includes(digest)),
    folders: readdirSync(path.join(scratch.root, 'ingest')),
  };
}

/** What was kept and is not to be dropped. */
function acknowledgedBlobs(lines: readonly string[]): Digest[] {
  const kept = new Set<Digest>();
  for (const line of lines) {
    const [act, digest = ''] = line.split(' ');
    if (act === 'kept') kept.add(digest as Digest);
    if (act === 'dropping') kept.delete(digest as Digest);
  }
  return [...kept];
}

function isWhole(store: ContentStore, digest: Digest): boolean {
  const { ref = '' } = store.has(digest) ? store.info(digest).labels : {};
  return ref !== '' && store.read(digest).equals(contentOf(ref));
}

/** The same ref goes on, and becomes the blob that it was to be. */
function resumes(store: ContentStore, ref: string): boolean {
  const content = contentOf(ref);
  using ingest = store.ingest(ref, { total: content.length, digest: sha256(content) });
  ingest.write(content.subarray(ingest.offset));
  const { digest } = ingest.commit({ labels: { ref } });
  return isWhole(store, digest);
}
