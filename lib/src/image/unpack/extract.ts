/** One layer, unpacked into a snapshot that is not committed yet. */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  mountSnapshot,
  unmountAll,
  type SnapshotMount,
  type Snapshotter,
} from '../../overlayfs/index.ts';
import { hasCode, inUserNamespace } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import { unpackLayer, type UnpackLayerOptions } from '../layers/unpack-layer.ts';
import { isAbandoned, ownedKey } from './owner.ts';
import type { LayerSource } from './unpack.ts';

/** A snapshot that holds one layer, and still has to be committed. */
export interface Extracted {
  /** Of the active snapshot. */
  readonly key: string;
  /** Where its files are, if it is a directory that can be reached without a mount. */
  readonly directory: string | undefined;
  /** See `UnpackedLayer.implicit`. */
  readonly implicit: ReadonlySet<string>;
  /** Removes the snapshot. */
  discard(): Promise<void>;
}

type Options = Omit<UnpackLayerOptions, 'form' | 'userxattr'>;

/** Unpacks a layer as one layer of an overlay, by itself. */
export function extract(
  source: LayerSource,
  snapshotter: Snapshotter,
  options: Options,
): Promise<Extracted> {
  return inSnapshot(snapshotter, undefined, async (mounts) => {
    const directory = mounts[0]?.source ?? '';
    const form = { form: 'overlay', userxattr: inUserNamespace() } as const;
    const { implicit } = await unpackLayer(source.blob, source.diffId, directory, {
      ...form,
      ...options,
    });
    return { directory, implicit };
  });
}

/** Unpacks a layer into the files of those below it, where a deletion deletes. */
export function extractOnTop(
  source: LayerSource,
  snapshotter: Snapshotter,
  parent: string | undefined,
  options: Options,
): Promise<Extracted> {
  return inSnapshot(snapshotter, parent, async (mounts) => {
    const target = mkdtempSync(path.join(tmpdir(), 'coracle-unpack-'));
    try {
      mountSnapshot(mounts, target);
      try {
        await unpackLayer(source.blob, source.diffId, target, { form: 'plain', ...options });
      } finally {
        unmountAll(target);
      }
    } finally {
      rmdirSync(target);
    }
    return { directory: undefined, implicit: new Set<string>() };
  });
}

/** Removes what processes that are no more have left half done. Others may do so at the same time. */
export async function removeAbandoned(snapshotter: Snapshotter): Promise<void> {
  for (const { name } of snapshotter.walk()) {
    if (!isAbandoned(name)) continue;
    await snapshotter.remove(name).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_FOUND')) throw error;
    });
  }
}

async function inSnapshot(
  snapshotter: Snapshotter,
  parent: string | undefined,
  fill: (mounts: readonly SnapshotMount[]) => Promise<Pick<Extracted, 'directory' | 'implicit'>>,
): Promise<Extracted> {
  const key = ownedKey('extract');
  const mounts = await snapshotter.prepare(key, parent);
  const discard = (): Promise<void> => snapshotter.remove(key);
  try {
    return { key, discard, ...(await fill(mounts)) };
  } catch (error) {
    await discard().catch((cleanup: unknown) => {
      if (error instanceof ImageError) error.message += `; and ${String(cleanup)}`;
    });
    throw error;
  }
}
