/**
 * What a stack of layers shows, read without mounting it: the lookup of overlayfs
 * (fs/overlayfs/namei.c, ovl_lookup) over plain directories.
 */
import type { BigIntStats } from 'node:fs';
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
    return this.follow(name);
  }

  /**
   * What is visible at a redirect's target: a name in this directory, or an absolute path in the
   * stack.
   */
  follow(target: string): MergedEntry | undefined {
    let wanted = target;
    let top: { path: string; stats: BigIntStats } | undefined;
    const parts: Part[] = [];
    for (let layer = 0; layer < this.#roots.length; layer += 1) {
      const found = this.#find(layer, wanted);
      if (found === undefined) continue;
      const { path, stats, hidden, last } = found;
      if (hidden) break;
      if (!stats.isDirectory()) {
        if (top === undefined) return { path, stats };
        break;
      }
      top ??= { path, stats };
      const marks = readMarks(path, this.#prefix);
      parts.push({ layer, path, attributeWhiteouts: marks.attributeWhiteouts });
      if (marks.opaque || last) break;
      if (marks.redirect !== undefined) wanted = redirected(wanted, marks.redirect);
    }
    if (top === undefined) return undefined;
    return { ...top, directory: new MergedDirectory(this.#roots, this.#prefix, parts) };
  }

  /** What one layer has; `hidden` is a whiteout, `last` says that no lower layer counts. */
  #find(layer: number, wanted: string): Found | undefined {
    const part = this.#parts.find((each) => each.layer === layer);
    if (!wanted.startsWith('/')) {
      return part === undefined ? undefined : this.#lookIn(part, wanted);
    }
    return this.#findFromRoot(layer, wanted.split('/').slice(1));
  }

  /** Walks down one layer; a symlink on the way is not followed. */
  #findFromRoot(layer: number, names: readonly string[]): Found | undefined {
    let path = this.#roots[layer] ?? '';
    let found: Found | undefined;
    let last = false;
    for (const name of names) {
      if (found !== undefined && !found.stats.isDirectory()) return undefined;
      const { opaque, attributeWhiteouts } = readMarks(path, this.#prefix);
      last ||= opaque;
      found = this.#lookIn({ layer, path, attributeWhiteouts }, name);
      if (found === undefined || found.hidden) return found;
      path = found.path;
    }
    return found === undefined ? undefined : { ...found, last };
  }

  #lookIn({ path: directory, attributeWhiteouts }: Part, name: string): Found | undefined {
    const path = `${directory}/${name}`;
    const stats = lstatOf(path);
    if (stats === undefined) return undefined;
    const hidden = isWhiteout(path, stats, this.#prefix, attributeWhiteouts);
    return { path, stats, hidden, last: false };
  }
}

interface Found {
  readonly path: string;
  readonly stats: BigIntStats;
  readonly hidden: boolean;
  readonly last: boolean;
}

/** A relative redirect replaces the last name, an absolute one everything. */
function redirected(wanted: string, redirect: string): string {
  if (redirect.startsWith('/') || !wanted.startsWith('/')) return redirect;
  return wanted.slice(0, wanted.lastIndexOf('/') + 1) + redirect;
}
