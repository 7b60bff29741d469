/**
 * Runs as root of a user namespace, in its own mount namespace: opens the snapshots in a directory,
 * makes an image, deletes a directory of it and makes it anew, and tells what it sees as JSON.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../src/base/index.ts';
import { mountSnapshot, openSnapshotter, unmount } from '../../src/overlayfs/index.ts';

const [root = ''] = process.argv.slice(2);
const { snapshotter, fallback } = await openSnapshotter(path.join(root, 'store'));
using snapshots = snapshotter;
const merged = path.join(root, 'merged');
mkdirSync(merged);

mountSnapshot(await snapshots.prepare('making'), merged);
mkdirSync(path.join(merged, 'd'));
writeFileSync(path.join(merged, 'd/old'), '');
unmount(merged);
await snapshots.commit('image', 'making');

const mounts = await snapshots.prepare('a', 'image');
mountSnapshot(mounts, merged);
rmSync(path.join(merged, 'd'), { recursive: true });
mkdirSync(path.join(merged, 'd'));
writeFileSync(path.join(merged, 'd/new'), '');
const seen = readdirSync(path.join(merged, 'd'));
unmount(merged);

const changes = [...snapshots.changes('a')].map(({ kind, path: at, opaque }) => ({
  kind,
  path: at,
  opaque,
}));
console.log(
  JSON.stringify({
    driver: snapshots.driver,
    fallback: messageOf(fallback),
    mounts,
    seen,
    changes,
  }),
);
