/** Exercise 04.1: from the options of a mount to what each system call gets. */
import type { FilesystemParameter } from '../../sys/index.ts';
import {
  ATTRIBUTE_OPTIONS,
  DEFAULT_OPTIONS,
  PROPAGATION_OPTIONS,
  SUPERBLOCK_OPTIONS,
  UNDOING_OPTIONS,
  type AttributeChange,
  type MountOptions,
} from '../mounts/options.ts';

// #region exercise-04-1
/**
 * Sorts the options of one mount (config.md, "Mounts", and the table of "Linux mount options"). Pure.
 *
 * - A name of ATTRIBUTE_OPTIONS changes `attributes`; with an `r` before it, it changes `recursive`
 *   instead. Several are combined in order ({@link combineAttributes}). Without any, both masks are 0.
 * - A name of PROPAGATION_OPTIONS is appended to `propagation`, `recursive` if it has an `r` before it.
 * - `bind` and `rbind` set `bind`, the later one wins; the type `bind` alone means `bind`.
 * - `idmap` and `ridmap` set `idmap`, the later one wins; `tmpcopyup` sets `copyUp`.
 * - A name of SUPERBLOCK_OPTIONS is a parameter without a value. A name of UNDOING_OPTIONS removes
 *   the parameters of the name it undoes that came before it, and is no parameter itself.
 * - `remount` and the names of DEFAULT_OPTIONS have no effect.
 * - What is left is the filesystem's own: `KEY=VALUE` up to the first `=`, or a bare `KEY`, which
 *   has no `value` at all. Parameters keep their order.
 *
 * A name is looked up as it stands before it is taken for a recursive form: `ro` is no `r` and `o`.
 */
export function parseMountOptions(options: readonly string[], type?: string): MountOptions {
  let bind: MountOptions['bind'] = type === 'bind' ? 'bind' : undefined;
  let idmap: MountOptions['idmap'];
  let attributes: AttributeChange = { set: 0, clear: 0 };
  let recursive: AttributeChange = { set: 0, clear: 0 };
  let copyUp = false;
  const propagation: { type: number; recursive: boolean }[] = [];
  let parameters: FilesystemParameter[] = [];
  for (const option of options) {
    const own = ATTRIBUTE_OPTIONS.get(option);
    const below = recursiveForm(ATTRIBUTE_OPTIONS, option);
    const spread = propagationOf(option);
    const undone = UNDOING_OPTIONS.get(option);
    if (own !== undefined) attributes = combineAttributes(attributes, own);
    else if (below !== undefined) recursive = combineAttributes(recursive, below);
    else if (spread !== undefined) propagation.push(spread);
    else if (option === 'bind' || option === 'rbind') bind = option;
    else if (option === 'idmap' || option === 'ridmap') idmap = option;
    else if (option === 'tmpcopyup') copyUp = true;
    else if (undone !== undefined) parameters = parameters.filter(({ key }) => key !== undone);
    else if (SUPERBLOCK_OPTIONS.has(option)) parameters.push({ key: option });
    else if (option !== 'remount' && !DEFAULT_OPTIONS.has(option)) {
      parameters.push(parseParameter(option));
    }
  }
  return { bind, attributes, recursive, propagation, parameters, copyUp, idmap };
}

/**
 * Two changes of attributes as one: where they contradict each other, the later one wins.
 *
 * A bit that the later one clears is not set any more, and one that it sets is not cleared any
 * more. But a change may itself both set and clear a bit, and that must stay so: the kernel wants a
 * field such as the atime mode, which is MOUNT_ATTR__ATIME, cleared as a whole by whoever sets a bit
 * of it (mount_setattr(2)).
 */
export function combineAttributes(
  earlier: AttributeChange,
  later: AttributeChange,
): AttributeChange {
  return {
    set: (earlier.set & ~later.clear) | later.set,
    clear: (earlier.clear & ~later.set) | later.clear,
  };
}

function recursiveForm<T>(table: ReadonlyMap<string, T>, option: string): T | undefined {
  return option.startsWith('r') ? table.get(option.slice(1)) : undefined;
}

function propagationOf(option: string): { type: number; recursive: boolean } | undefined {
  const own = PROPAGATION_OPTIONS.get(option);
  if (own !== undefined) return { type: own, recursive: false };
  const below = recursiveForm(PROPAGATION_OPTIONS, option);
  return below === undefined ? undefined : { type: below, recursive: true };
}

/** `size=64m` → a key and a value; `noswap` → a flag. */
function parseParameter(option: string): FilesystemParameter {
  const equals = option.indexOf('=');
  if (equals < 0) return { key: option };
  return { key: option.slice(0, equals), value: option.slice(equals + 1) };
}
// #endregion exercise-04-1
