/**
 * Works on a content store for the tests, as another process:
 *
 *     hold ROOT REF            begins the ingest, writes, says `holds`, and waits for the end of stdin
 *     commit ROOT NAME COUNT   commits `content 0` and so on by refs of its own, with a lease
 *     pull ROOT NAME ROUNDS    keeps or commits the same few contents again and again, with leases
 *     collect ROOT             collects until the end of stdin
 */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { openContentStore, type ContentStore } from '../../src/image/index.ts';
import { sha256 } from './content-scratch.ts';

const [act = '', root = '', name = '', count = '0'] = process.argv.slice(2);
using store = openContentStore(root, { durable: false });
const ended = once(process.stdin.resume(), 'end');

if (act === 'hold') await hold(store);
if (act === 'commit') commit(store);
if (act === 'pull') pull(store);
if (act === 'collect') await collect(store);
process.stdin.destroy();

async function hold(at: ContentStore): Promise<void> {
  using ingest = at.ingest(name);
  ingest.write(Buffer.from('held'));
  console.log('holds');
  await ended;
}

function commit(at: ContentStore): void {
  const lease = at.leases.create({ id: name });
  for (let round = 0; round < Number(count); round += 1) {
    using ingest = at.ingest(`${name} ${round}`, { lease: lease.id });
    ingest.write(Buffer.from(`content ${round}`));
    console.log(ingest.commit({}).digest);
  }
}

/** What is kept or committed with a lease can be read while the lease lasts, whoever collects. */
function pull(at: ContentStore): void {
  for (let round = 0; round < Number(count); round += 1) {
    const lease = at.leases.create();
    const content = `pulled ${round % 3}`;
    const digest = sha256(content);
    const kept = at.keep(digest, lease.id);
    if (!kept) {
      using ingest = at.ingest(`${name} ${round}`, { lease: lease.id, digest });
      ingest.write(Buffer.from(content));
      ingest.commit({});
    }
    if (at.read(digest).toString() !== content) throw new Error(`${content} is another`);
    console.log(kept ? 'kept' : 'committed');
    lease.release();
  }
}

async function collect(at: ContentStore): Promise<void> {
  console.log('collects');
  let removed = 0;
  while (!process.stdin.readableEnded) {
    removed += at.collect().removed.length;
    await turn();
  }
  console.log(removed);
}
