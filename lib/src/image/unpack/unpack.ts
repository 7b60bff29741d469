/**
 * Unpacks an image into snapshots, one a layer, named by its ChainID (identity of containerd's).
 *
 * A layer of an overlay holds nothing of those below it, so layers are unpacked side by side, each
 * into a snapshot without a parent, and stacked in their order as they get ready:
 *
 *     prepare ─▶ unpack ─┐
 *     prepare ─▶ unpack ─┼─▶ settle, commit on the one before ─▶ …
 *     prepare ─▶ unpack ─┘
 *
 * Two sorts of layers need those below. One puts files into directories that only they have: these
 * directories are made alike (`settle`). One goes through their symlinks or links to their files:
 * it is unpacked again, on top of them, mounted. Without overlayfs all go one after the other.
 */
import { chainIds } from '#parts/image/chain.ts';
import type { Digest } from '../../oci/index.ts';
import type { Snapshotter } from '../../overlayfs/index.ts';
import { hasCode } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { LayerLimits } from '../layers/apply.ts';
import { DependsOnLowerLayers } from '../layers/directories.ts';
import { extract, extractOnTop, removeAbandoned, type Extracted } from './extract.ts';
import { settle } from './settle.ts';

/** One layer to unpack. */
export interface LayerSource {
  /** The file of its blob. */
  readonly blob: string;
  /** Of the uncompressed archive, from the image's config. */
  readonly diffId: Digest;
}

/** How an image is unpacked. */
export interface UnpackOptions {
  readonly limits?: LayerLimits;
  readonly signal?: AbortSignal;
  /** How many at once, where the driver allows it. Default 2. */
  readonly parallel?: number;
  /** Given to each snapshot, such as `containerd.io/gc.root`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Told of each layer, several times. */
  readonly onProgress?: (progress: UnpackProgress) => void;
}

/** What {@link UnpackOptions.onProgress} is told. */
export interface UnpackProgress {
  /** Which layer, from the lowest, 0. */
  readonly layer: number;
  /** `present` was unpacked before. */
  readonly state: 'present' | 'unpacking' | 'done';
  /** Bytes of the uncompressed archive so far. */
  readonly bytes: number;
}

/**
 * Makes sure that all layers are unpacked.
 *
 * @param layers the lowest first.
 * @returns the ChainID of the last: the snapshot that a container is prepared on. `undefined` for
 *   an image without layers.
 * @throws ImageError BAD_CONTENT, BAD_ARCHIVE, TOO_LARGE. Layers below the bad one stay; nothing of
 *   it does.
 */
export async function unpackImage(
  layers: readonly LayerSource[],
  snapshotter: Snapshotter,
  options: UnpackOptions = {},
): Promise<Digest | undefined> {
  const chain = chainIds(layers.map(({ diffId }) => diffId));
  await removeAbandoned(snapshotter);
  const present = chain.findLastIndex((name) => exists(snapshotter, name)) + 1;
  for (let layer = 0; layer < present; layer++) tell(options, layer, 'present');
  await new Unpacking(layers, chain, snapshotter, options).run(present);
  return chain.at(-1);
}

class Unpacking {
  readonly #layers: readonly LayerSource[];
  readonly #chain: readonly Digest[];
  readonly #snapshotter: Snapshotter;
  readonly #options: UnpackOptions;
  readonly #failed = new AbortController();

  constructor(
    layers: readonly LayerSource[],
    chain: readonly Digest[],
    snapshotter: Snapshotter,
    options: UnpackOptions,
  ) {
    this.#layers = layers;
    this.#chain = chain;
    this.#snapshotter = snapshotter;
    this.#options = options;
  }

  /** @param first the lowest layer that is missing. */
  async run(first: number): Promise<void> {
    const running = new Map<number, Promise<Extracted | undefined>>();
    const parallel = this.#snapshotter.rebases ? (this.#options.parallel ?? 2) : 0;
    try {
      for (let next = first, layer = first; layer < this.#layers.length; layer++) {
        while (next < this.#layers.length && next < layer + parallel) {
          running.set(next, this.#alone(next++));
        }
        await this.#stack(layer, await running.get(layer));
        running.delete(layer);
        tell(this.#options, layer, 'done');
      }
    } finally {
      this.#failed.abort();
      const rest = await Promise.allSettled(running.values());
      for (const each of rest) if (each.status === 'fulfilled') await each.value?.discard();
    }
  }

  /** A layer by itself; `undefined` if that does not work. A failure waits for its turn. */
  #alone(layer: number): Promise<Extracted | undefined> {
    const promise = extract(this.#source(layer), this.#snapshotter, this.#using(layer)).catch(
      (error: unknown) => {
        if (error instanceof DependsOnLowerLayers) return undefined;
        throw error;
      },
    );
    promise.catch(() => {});
    return promise;
  }

  /** Puts a layer on top of the one before. */
  async #stack(layer: number, extracted: Extracted | undefined): Promise<void> {
    const parent = layer === 0 ? undefined : this.#chain[layer - 1];
    const settled = extracted !== undefined && (await settle(extracted, this.#snapshotter, parent));
    if (extracted !== undefined && !settled) await extracted.discard();
    const made =
      extracted !== undefined && settled
        ? extracted
        : await extractOnTop(this.#source(layer), this.#snapshotter, parent, this.#using(layer));
    const labels = this.#options.labels ?? {};
    const rebase = settled && parent !== undefined ? { parent } : {};
    try {
      await this.#snapshotter.commit(this.#name(layer), made.key, { labels, ...rebase });
    } catch (error) {
      await made.discard();
      // Another process has unpacked the same.
      if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
    }
  }

  #using(layer: number): Parameters<typeof extract>[2] {
    const { limits, signal } = this.#options;
    const signals = [this.#failed.signal, ...(signal === undefined ? [] : [signal])];
    return {
      ...(limits !== undefined && { limits }),
      signal: AbortSignal.any(signals),
      onProgress: (bytes) => tell(this.#options, layer, 'unpacking', bytes),
    };
  }

  #source(layer: number): LayerSource {
    const source = this.#layers[layer];
    if (source !== undefined) return source;
    throw new ImageError('INVALID_ARGUMENT', `the image has no layer ${layer}`);
  }

  #name(layer: number): Digest {
    return this.#chain[layer] ?? this.#source(layer).diffId;
  }
}

function exists(snapshotter: Snapshotter, name: string): boolean {
  try {
    return snapshotter.stat(name).kind === 'committed';
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

function tell(
  { onProgress }: UnpackOptions,
  layer: number,
  state: UnpackProgress['state'],
  bytes = 0,
): void {
  onProgress?.({ layer, state, bytes });
}
