/** An image's layers as snapshots, and which snapshots nobody needs any more. */
import { layerSources, unpackImage, type Image, type ReadImage } from 'coracle/image';
import type { Snapshotter } from 'coracle/overlayfs';
import { SNAPSHOTTER, type Engine } from './engine.ts';
import type { Progress } from './progress.ts';

/** Unpacks what is not unpacked yet, and notes at the image's config that its snapshots are needed. */
export async function unpackIntoSnapshots(
  engine: Engine,
  image: ReadImage,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { content } = engine;
  const snapshotter = await engine.snapshotter();
  const top = await unpackImage(layerSources(content, image), snapshotter, {
    signal,
    onProgress({ layer, state, bytes }) {
      const descriptor = image.layers[layer]?.descriptor;
      const name = descriptor?.digest.slice(7, 19) ?? String(layer);
      if (state === 'present') progress.set(name, { state: 'Already exists' });
      else if (state === 'done') progress.set(name, { state: 'Pull complete' });
      else progress.set(name, { state: 'Extracting', done: bytes });
    },
  });
  if (top !== undefined) {
    content.label(image.manifest.config.digest, {
      [`containerd.io/gc.ref.snapshot.${SNAPSHOTTER}`]: top,
    });
  }
  return top;
}

/** Removes content and snapshots that no image needs. @returns bytes of content that were removed. */
export async function collectGarbage(engine: Engine): Promise<number> {
  const snapshotter = await engine.snapshotter();
  // Before the collection: one that is made after it is not known to it.
  const before = [...snapshotter.walk()];
  const { bytes, snapshots } = engine.content.collect();
  const needed = withParents(snapshotter, snapshots);
  const unneeded = before.filter(({ name, kind }) => kind === 'committed' && !needed.has(name));
  await removeLeaves(
    snapshotter,
    unneeded.map(({ name }) => name),
  );
  return bytes;
}

function withParents(snapshotter: Snapshotter, snapshots: ReadonlySet<string>): Set<string> {
  const parents = new Map([...snapshotter.walk()].map(({ name, parent }) => [name, parent]));
  const needed = new Set<string>();
  const own = [...snapshots].filter((each) => each.startsWith(`${SNAPSHOTTER}/`));
  for (const key of own) {
    let name: string | undefined = key.slice(SNAPSHOTTER.length + 1);
    for (; name !== undefined && !needed.has(name); name = parents.get(name)) needed.add(name);
  }
  return needed;
}

/** Children go before their parents; what a container stands on stays. */
async function removeLeaves(snapshotter: Snapshotter, names: readonly string[]): Promise<void> {
  const waiting = new Set(names);
  for (let removed = -1; removed !== 0;) {
    const parents = new Set([...snapshotter.walk()].map(({ parent }) => parent));
    const leaves = [...waiting].filter((name) => !parents.has(name));
    removed = leaves.length;
    for (const name of leaves) {
      await snapshotter.remove(name);
      waiting.delete(name);
    }
  }
}

/** The names under which one image is here. */
export function namesOf(engine: Engine, { target }: Image): string[] {
  const images = engine.content.images.list();
  return images.filter((each) => each.target.digest === target.digest).map(({ name }) => name);
}
