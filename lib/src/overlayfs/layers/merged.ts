/**
 * What a stack of layers shows, read without mounting it: the lookup of overlayfs
 * (fs/overlayfs/namei.c, ovl_lookup) over plain directories. `mergeName` decides, this reads.
 */
import type { BigIntStats } from 'node:fs';
import { mergeName, type LayerEntry } from '#parts/overlayfs/merge.ts';
import { isWhiteout, lstatOf, readMarks, type MarkPrefix } from './marks.ts';
import { listNames } from './names.ts';

/** One name as the stack shows it. */
export interface MergedEntry {
  /** Where the topmost layer that has it keeps it, on the host. */
  readonly path: string;
  readonly stats: BigIntStats;
  /** For a directory: all that is merged into it. */
  readonly directory?: MergedDirectory;
}

/** One layer's directory in a merged one. */
interface Part {
  readonly layer: number;
  readonly path: string;
  readonly attributeWhiteouts: boolean;
}

/** What one layer has. */
interface Found extends LayerEntry, Part {
  readonly stats: BigIntStats;
  readonly opaque: boolean;
}

/** A directory of the stack: its parts, the topmost first. */
export class MergedDirectory {
  readonly #roots: readonly string[];
  readonly #prefix: MarkPrefix;
  readonly #parts: readonly Part[];

  private constructor(roots: readonly string[], prefix: MarkPrefix, parts: readonly Part[]) {
    this.#roots = roots;
    this.#prefix = prefix;
    this.#parts = parts;
  }

  /** The root of a stack of layers, the topmost first. */
  static root(layers: readonly string[], prefix: MarkPrefix): MergedDirectory {
    const parts = layers.map((path, layer) => {
      const { attributeWhiteouts } = readMarks(path, prefix);
      return { layer, path, attributeWhiteouts };
    });
    return new MergedDirectory(layers, prefix, parts);
  }

  /** Every name that is visible here, sorted. */
  names(): string[] {
    const all = new Set(this.#parts.flatMap(({ path }) => listNames(path)));
    return [...all].toSorted().filter((name) => this.lookup(name) !== undefined);
  }

  /** What is visible under a name. */
  lookup(name: string): MergedEntry | undefined {
    const found = mergeName(name, this.#roots.length, (layer, wanted) => this.#find(layer, wanted));
    const [top] = found;
    if (top === undefined) return undefined;
    const { path, stats } = top;
    if (top.kind === 'file') return { path, stats };
    return { path, stats, directory: new MergedDirectory(this.#roots, this.#prefix, found) };
  }

  /** What one layer has here, or at a path from the root of the stack: a redirect leads there. */
  #find(layer: number, wanted: string): Found | undefined {
    if (wanted.startsWith('/')) return this.#findFromRoot(layer, wanted.split('/').slice(1));
    const part = this.#parts.find((each) => each.layer === layer);
    return part === undefined ? undefined : this.#lookIn(part, wanted);
  }

  /**
   * Walks down one layer; a symlink on the way is not followed. What is not a directory on the way,
   * and an opaque one in which the next name is missing, hide it in all lower layers: a whiteout.
   */
  #findFromRoot(layer: number, names: readonly string[]): Found | undefined {
    const root = this.#roots[layer] ?? '';
    const { opaque, attributeWhiteouts } = readMarks(root, this.#prefix);
    let found: Found | undefined;
    let last = opaque;
    for (const name of names) {
      if (found?.kind === 'file') return { ...found, kind: 'whiteout' };
      const next = this.#lookIn(found ?? { layer, path: root, attributeWhiteouts }, name);
      if (next === undefined && found !== undefined && last) return { ...found, kind: 'whiteout' };
      if (next === undefined || next.kind === 'whiteout') return next;
      found = next;
      last ||= next.opaque;
    }
    // Below an opaque directory on the way no lower layer has anything.
    return found === undefined ? undefined : { ...found, opaque: last };
  }

  #lookIn({ layer, path: directory, attributeWhiteouts }: Part, name: string): Found | undefined {
    const path = `${directory}/${name}`;
    const stats = lstatOf(path);
    if (stats === undefined) return undefined;
    const found = { layer, path, stats, opaque: false, attributeWhiteouts: false };
    if (isWhiteout(path, stats, this.#prefix, attributeWhiteouts)) {
      return { ...found, kind: 'whiteout' };
    }
    if (!stats.isDirectory()) return { ...found, kind: 'file' };
    const { metacopy: _, ...marks } = readMarks(path, this.#prefix);
    return { ...found, ...marks, kind: 'directory' };
  }
}
