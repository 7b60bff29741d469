import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { OverlayError } from '../errors.ts';
import { nativeDriver } from './native-driver.ts';
import { overlayDriver } from './overlay-driver.ts';
import { probeOverlay } from './probe.ts';
import { createSnapshotter } from './snapshotter.ts';
import type { StoreOptions } from './store.ts';
import type { Snapshotter } from './types.ts';

/** How to open a store. */
export interface OpenOptions extends StoreOptions {
  /** `'auto'`, the default: overlay if it works in the directory, else native. */
  readonly driver?: 'auto' | 'overlay' | 'native';
}

/** A snapshotter, and why it is not an overlay one where it could not be. */
export interface OpenedSnapshotter {
  readonly snapshotter: Snapshotter;
  readonly fallback?: OverlayError;
}

/**
 * Opens the snapshots in a directory, with the driver that works there. A directory that has
 * snapshots keeps its driver.
 *
 * @throws OverlayError if overlay is asked for, or in use there, and does not work.
 */
export async function openSnapshotter(
  root: string,
  { driver = 'auto', ...options }: OpenOptions = {},
): Promise<OpenedSnapshotter> {
  mkdirSync(root, { recursive: true });
  const wanted = driver === 'auto' ? (ownerOf(root) ?? 'auto') : driver;
  if (wanted === 'native') return { snapshotter: createSnapshotter(root, nativeDriver(), options) };
  const support = await probeOverlay(root);
  if (support.works) {
    return { snapshotter: createSnapshotter(root, overlayDriver(support), options) };
  }
  if (wanted === 'overlay') throw support.reason;
  return {
    snapshotter: createSnapshotter(root, nativeDriver(), options),
    fallback: support.reason,
  };
}

function ownerOf(root: string): 'overlay' | 'native' | undefined {
  try {
    const owner = readFileSync(path.join(root, 'driver'), 'utf8');
    return owner === 'overlay' || owner === 'native' ? owner : undefined;
  } catch {
    return undefined;
  }
}
