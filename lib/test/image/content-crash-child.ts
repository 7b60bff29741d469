/**
 * Works on a content store, for so many rounds or until it is killed, and tells on standard output
 * what was acknowledged: `kept DIGEST`; and before something goes, since it may be gone at once,
 * `dropping DIGEST`.
 */
import { writeSync } from 'node:fs';
import { openContentStore, type ContentStore } from '../../src/image/index.ts';
import { contentOf } from './content-crash.ts';
import { sha256 } from './content-scratch.ts';

const ROOT = 'containerd.io/gc.root';

const [root = '', prefix = '', rounds = 'Infinity', durable = 'false'] = process.argv.slice(2);
using store = openContentStore(root, { durable: durable === 'true' });
tell('started');
for (let round = 0; round < Number(rounds); round += 1) work(store, `${prefix} ${round}`);

function work(at: ContentStore, ref: string): void {
  const content = contentOf(ref);
  const digest = sha256(content);
  const lease = at.leases.create();
  {
    using ingest = at.ingest(ref, { lease: lease.id, total: content.length, digest });
    for (let offset = 0; offset < content.length; offset += 7000) {
      ingest.write(content.subarray(offset, Math.min(offset + 7000, content.length)));
    }
    ingest.commit({ labels: { ref } });
  }
  tell(`kept ${digest}`);
  at.label(digest, { [ROOT]: 'now' });
  lease.release();
  at.collect();
  at.images.put({ name: ref, target: { mediaType: 'x', digest, size: content.length } });
  at.label(digest, { [ROOT]: '' });
  at.collect();
  tell(`dropping ${digest}`);
  at.images.delete(ref);
  at.collect();
}

function tell(what: string): void {
  writeSync(1, `${what}\n`);
}
