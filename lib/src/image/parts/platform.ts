/** Exercise 05.5: which image of several runs here. */
import type { ImageDescriptor, Platform } from '../../oci/index.ts';

/** Other words for an architecture, in lower case, and the variant that they imply. */
const ALIASES: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  x64: ['amd64'],
  aarch64: ['arm64'],
  i386: ['386'],
  i686: ['386'],
  arm: ['arm', 'v7'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/** The variant that every processor of the architecture has. */
const BASELINE: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8' };

// #region exercise-05-5
/**
 * A platform in the words of an index. Pure. image-index.md, "platform".
 *
 * Machines and people have other words: `x86_64`, `x86-64` and `x64` are `amd64`, `aarch64` is
 * `arm64`, `i386` and `i686` are `386`, `armhf` is `arm` with variant `v7`, `armel` is `arm` with
 * `v6`, and `arm` without a variant, or with an empty one, is `v7`: that is `ALIASES`. A variant that
 * is given counts more than one that a word implies. Any other word stays as it is, even
 * `constructor`: the index is a stranger's, and an object of JavaScript has more keys than its own.
 *
 * Case does not count: os, architecture and variant become lower case. A variant that begins
 * with a digit gets its `v`. What every processor has is left out (`BASELINE`): `v1` of amd64
 * and `v8` of arm64. Then, and where the variant is empty, there is no `variant` at all. What else
 * the platform has, such as `os.version`, stays.
 *
 * @returns a new object.
 */
export function normalizePlatform(platform: Platform): Platform {
  const name = platform.architecture.toLowerCase();
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  const [architecture, implied = ''] = alias ?? [name];
  const written = (platform.variant ?? '').toLowerCase().replace(/^(?=[0-9])/, 'v');
  const variant = written === '' ? implied : written;
  const { variant: _, ...rest } = { ...platform, architecture, os: platform.os.toLowerCase() };
  return variant === '' || variant === BASELINE[architecture] ? rest : { ...rest, variant };
}

/**
 * Of the manifests of an index the one for a platform. Pure.
 *
 * Both sides are normalized first, and then os and architecture must be the same. A processor
 * also runs what was made for a lower variant of it (arm `v7` runs `v6` and `v5`, amd64 `v3` runs
 * `v2` and the plain one), never for a higher one. Variants are compared by the
 * first number in them: `v8.1` and `v8.2` are both 8. A missing variant counts as 0.
 * Of those that run the highest is chosen, and of equals the first.
 *
 * A manifest without a platform may be for anything: it is taken if there is no other choice. Those
 * for `unknown` hold signatures and the like; no machine is of that platform.
 *
 * @returns one of `manifests`; `undefined` if none of them runs there.
 */
export function choosePlatform(
  manifests: readonly ImageDescriptor[],
  wanted: Platform,
): ImageDescriptor | undefined {
  const machine = normalizePlatform(wanted);
  let best: { manifest: ImageDescriptor; level: number } | undefined;
  for (const manifest of manifests) {
    const level = levelFor(manifest.platform, machine);
    if (level === undefined) continue;
    if (best === undefined || level > best.level) best = { manifest, level };
  }
  return best?.manifest;
}

/** How near a platform comes to the machine, more is better; `undefined` if it does not run. */
function levelFor(platform: Platform | undefined, machine: Platform): number | undefined {
  if (platform === undefined) return -1;
  const { os, architecture, variant } = normalizePlatform(platform);
  if (os !== machine.os || architecture !== machine.architecture) return undefined;
  const level = levelOf(variant);
  return level <= levelOf(machine.variant) ? level : undefined;
}

/** `v7` is 7, `power9` is 9; a missing variant counts as 0. */
function levelOf(variant = ''): number {
  return Number(/\d+/.exec(variant)?.[0] ?? 0);
}
// #endregion exercise-05-5
