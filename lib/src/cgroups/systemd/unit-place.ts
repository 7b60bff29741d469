/**
 * From `linux.cgroupsPath` to a unit and the slice it is in, by the rules that engines rely on:
 *
 *     machine.slice:libpod:ID  →  libpod-ID.scope in machine.slice
 *     a-b.slice:x:c-d.slice    →  c-d.slice, a slice itself
 *     (nothing)                →  coracle-ID.scope in system.slice, for a user in user.slice
 *
 * A slice's dashes are its place in the tree (systemd.slice(5)). Pure.
 */
import { posix } from 'node:path';
import { CgroupError } from '../errors.ts';

/** Where a container's processes are, in systemd's terms. */
export interface UnitPlace {
  /** Such as `docker-ID.scope`. */
  readonly unit: string;
  readonly kind: 'scope' | 'slice';
  /** The slice above it, by its name alone. */
  readonly slice: string;
  /** The directory below the manager's own cgroup. */
  readonly path: string;
}

const SOURCE = '/linux/cgroupsPath';
/** What systemd takes as a unit's name, but for a template's @; at most 255 (unit-name.c). */
const UNIT_NAME = /^[\w:.\\-]{1,255}(?!\n)$/;

/**
 * @param id the container's, for a config that has no path.
 * @param user whether it is a user's own systemd.
 * Errors: `CGROUP_INVALID` for a path of another form, or with what is no name of a unit or slice.
 */
export function planUnitPlace(cgroupsPath: string, id: string, user: boolean): UnitPlace {
  const parts = cgroupsPath === '' ? ['', 'coracle', id] : cgroupsPath.split(':');
  const [parent = '', prefix = '', name = ''] = parts;
  if (parts.length !== 3 || name === '') throw invalid(cgroupsPath, FORM);
  const slice = parent === '' ? (user ? 'user.slice' : 'system.slice') : wholeName(parent);
  const above = expandSlice(slice);
  if (above === undefined) throw invalid(cgroupsPath, `names ${slice}, ${NO_SLICE}`);
  const kind = name.endsWith('.slice') ? 'slice' : 'scope';
  const unit = kind === 'slice' ? name : `${prefix}-${name}.scope`;
  if (!UNIT_NAME.test(unit)) {
    throw invalid(cgroupsPath, `makes ${JSON.stringify(unit)}, ${NO_UNIT}`);
  }
  if (kind === 'scope') return { unit, kind, slice, path: posix.join(above, unit) };
  const path = expandSlice(unit);
  if (path === undefined || path === '/') {
    throw invalid(cgroupsPath, `makes ${JSON.stringify(unit)}, ${NO_SLICE}`);
  }
  return { unit, kind, slice, path };
}

const FORM =
  'is not of the form "slice:prefix:name", which the systemd cgroup driver takes, such as ' +
  '"system.slice:docker:ID"; write it so, or leave --systemd-cgroup out';
const NO_UNIT =
  'which is no name for a unit; use letters, digits, and : - _ . \\, at most 255 of them';
const NO_SLICE =
  'which is no name of a slice; it ends in .slice, has no slash, and no dash at an end or beside another';

/** `-` stands for the root slice. */
function wholeName(parent: string): string {
  return parent === '-' ? '-.slice' : parent;
}

/**
 * The directory of a slice: `a-b.slice` → `/a.slice/a-b.slice`, `-.slice` → `/`.
 * Undefined for what is no slice's name.
 */
function expandSlice(slice: string): string | undefined {
  if (slice === '-.slice') return '/';
  if (!slice.endsWith('.slice') || !UNIT_NAME.test(slice)) return undefined;
  const components = slice.slice(0, -'.slice'.length).split('-');
  if (components.includes('')) return undefined;
  const names = components.map((_, index) => `${components.slice(0, index + 1).join('-')}.slice`);
  return `/${names.join('/')}`;
}

function invalid(value: string, why: string): CgroupError {
  const message = `${SOURCE}: ${JSON.stringify(value)} ${why}`;
  return new CgroupError('CGROUP_INVALID', message, { value, source: SOURCE });
}
