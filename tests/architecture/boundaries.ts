/**
 * Who may import whom: the design's table, and the rules around it, as one pure function from an
 * import to what is wrong with it.
 *
 *   base <- oci, sys, rpc;  oci, sys <- namespaces, cgroups, overlayfs <- runtime
 *   overlayfs <- image <- registry;  rpc, runtime <- shim
 *   rpc, image, registry, overlayfs <- containerd;  rpc, network <- dockerd, cri
 *
 * Taught parts (`lib/src/LAYER/parts/`) are imported as `#parts/LAYER/…`, by their own layer alone.
 */
import path from 'node:path';
import type { Import } from './imports.ts';

/** What each layer stands on directly; it may import that, and what that stands on in turn. */
export const table: Readonly<Record<string, readonly string[]>> = {
  base: [],
  oci: ['base'],
  sys: ['base'],
  rpc: ['base'],
  namespaces: ['oci', 'sys'],
  cgroups: ['oci', 'sys'],
  overlayfs: ['oci', 'sys'],
  runtime: ['namespaces', 'cgroups', 'overlayfs'],
  image: ['overlayfs'],
  registry: ['image'],
  shim: ['rpc', 'runtime'],
  containerd: ['rpc', 'image', 'registry', 'overlayfs'],
  network: ['oci', 'sys'],
  dockerd: ['rpc', 'network'],
  cri: ['rpc', 'network'],
};

/** A file or folder of the repository, as far as the rules tell them apart. */
interface Place {
  readonly kind: 'layer' | 'lib test' | 'chapter' | 'tests' | 'elsewhere';
  /** The layer's or the chapter's name. */
  readonly name: string;
  /** The path inside that layer or chapter. */
  readonly rest: string;
}

/** Says which rule an import breaks, or nothing. Packages from outside are knip's business. */
export function violation(imported: Import): string | undefined {
  const from = placeOf(imported.file);
  const { specifier } = imported;
  if (specifier === 'koffi' || specifier.startsWith('koffi/')) {
    const allowed = from.kind === 'layer' && from.name === 'sys';
    return allowed ? undefined : 'only lib/src/sys imports koffi';
  }
  if (specifier.startsWith('coracle/')) return byPackage(from, specifier);
  if (specifier.startsWith('#parts/')) return byPart(from, specifier);
  if (!specifier.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(imported.file), specifier);
  return byPath(from, placeOf(target));
}

/** Those of `layers` that `layer` may import: its own row of the table, and theirs. */
export function standsOn(layer: string): ReadonlySet<string> {
  const below = table[layer] ?? [];
  return new Set(below.flatMap((name) => [name, ...standsOn(name)]));
}

function byPackage(from: Place, specifier: string): string | undefined {
  if (from.kind === 'layer') return 'inside lib a layer is imported by its relative path';
  return specifier.split('/').length > 2
    ? 'lib is imported by its package exports, coracle/<layer>'
    : undefined;
}

/** The taught parts of a layer: behind `#parts/`, where a learner's may stand in their place. */
function byPart(from: Place, specifier: string): string | undefined {
  const [, layer = ''] = specifier.split('/');
  if (from.kind === 'lib test') return undefined;
  return from.kind === 'layer' && from.name === layer
    ? undefined
    : `only the layer ${layer} imports its parts; others go through its index.ts`;
}

function byPath(from: Place, to: Place): string | undefined {
  switch (from.kind) {
    case 'layer':
      return fromLayer(from, to);
    case 'lib test':
      if (to.kind === 'chapter') return 'lib never imports chapters';
      return to.kind === 'layer' && to.name !== from.name ? needsIndex(to) : undefined;
    case 'chapter':
      return fromChapter(from, to);
    case 'tests':
    case 'elsewhere':
      return undefined;
  }
}

function fromLayer(from: Place, to: Place): string | undefined {
  if (to.kind === 'chapter') return 'lib never imports chapters';
  if (to.kind !== 'layer') return 'the sources of lib import nothing outside lib/src';
  if (to.name === from.name) {
    return to.rest.startsWith('parts/') ? 'a taught part is imported as #parts/…' : undefined;
  }
  if (!standsOn(from.name).has(to.name)) return `${from.name} may not import ${to.name}`;
  return needsIndex(to);
}

function needsIndex(to: Place): string | undefined {
  return to.rest === 'index.ts'
    ? undefined
    : `a layer is imported through its index.ts, not ${to.name}/${to.rest}`;
}

function fromChapter(from: Place, to: Place): string | undefined {
  if (to.kind === 'layer' || to.kind === 'lib test') {
    return 'chapters import lib by its package exports, coracle/<layer>';
  }
  const grades =
    to.rest.startsWith('tests/grader/') && /^(exercises|wrong|workbook)\//.test(from.rest);
  if (to.kind === 'tests' && !grades && !/(^|\/)test\/|\.test\.ts$/.test(from.rest)) {
    return "only a chapter's own tests import tests/, and its exercises tests/grader/";
  }
  const other = to.kind === 'chapter' && to.name !== from.name;
  return other && from.name !== '12-engine' ? 'chapters never import each other' : undefined;
}

function placeOf(file: string): Place {
  const [top = '', second = '', third = '', ...more] = file.split('/');
  if (top === 'lib' && second === 'src')
    return { kind: 'layer', name: third, rest: more.join('/') };
  if (top === 'lib' && second === 'test') {
    return { kind: 'lib test', name: third, rest: more.join('/') };
  }
  if (top === 'chapters') {
    return { kind: 'chapter', name: second, rest: [third, ...more].join('/') };
  }
  return { kind: top === 'tests' ? 'tests' : 'elsewhere', name: '', rest: file };
}
