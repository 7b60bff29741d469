/** Exercise 03.2: many layers in one page of options. */
import type { FilesystemParameter } from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import { joinOptions, type ClassicMount } from '../plan/classic.ts';
import type { OverlaySpec } from '../plan/spec.ts';

// #region exercise-03-2
/**
 * The directory that all these paths lie in, the deepest one there is: of `/a/b/c` and `/a/b/d` it
 * is `/a/b`. Pure.
 *
 * The paths are absolute, without `.`, `..` or a slash at the end. What they have in common counts
 * by whole names: `/a/layer1` and `/a/layer10/fs` have `/a`. A path does not lie in itself: of
 * `/a/b` alone it is `/a`, and of `/a/b` and `/a/b/c` it is `/a` too. Where they have nothing in
 * common it is `/`.
 */
export function commonParent(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  let common = first;
  for (const directory of rest) {
    while (!directory.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
    }
  }
  return common === '/' ? '/' : common.slice(0, -1);
}

/**
 * Chooses how to say the layers to mount(2), which reads `pageSize` bytes of options, in which the
 * final NUL must have its place too. Pure.
 *
 * There are three forms, and the first that fits is the answer. Each differs only in the names by
 * which {@link joinOptions} gets the lower layers; it escapes them, and upper and work stay as they
 * are.
 *
 * 1. The paths themselves: `{ options }`.
 * 2. Paths relative to their {@link commonParent}, without a slash before them: `{ options, cwd }`,
 *    where `cwd` is that directory. (The layer `/` is `.` there.)
 * 3. The numbers `0`, `1`, `2`, … in place of the layers: `{ options, links }`, where `links` has a
 *    `{ name, target }` for each layer in their order, the number as text and the layer's path.
 *
 * @throws OverlayError OVERLAY_TOO_LONG if none fits: upper or work alone fill the page.
 */
export function planClassic(
  spec: OverlaySpec,
  features: readonly FilesystemParameter[],
  pageSize: number,
): ClassicMount {
  const cwd = commonParent(spec.lower);
  const start = cwd === '/' ? 1 : cwd.length + 1;
  const relative = spec.lower.map((path) => path.slice(start) || '.');
  const links = spec.lower.map((target, index) => ({ name: String(index), target }));
  const numbers = links.map(({ name }) => name);
  const forms: ClassicMount[] = [
    { options: joinOptions(spec.lower, spec, features) },
    { options: joinOptions(relative, spec, features), cwd },
    { options: joinOptions(numbers, spec, features), links },
  ];
  const fitting = forms.find(({ options }) => Buffer.byteLength(options) < pageSize);
  if (fitting !== undefined) return fitting;
  throw new OverlayError(
    'OVERLAY_TOO_LONG',
    `the options for upper ${spec.upper ?? '(none)'} and ${spec.lower.length} lower layers do not ` +
      `fit into mount(2)'s ${pageSize} bytes: use shorter paths for upper and work`,
    { option: 'upperdir' },
  );
}
// #endregion exercise-03-2
