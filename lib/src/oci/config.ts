/**
 * The whole of a bundle's `config.json` (config.md), as far as Linux is concerned.
 *
 * The sections of other platforms (`windows`, `solaris`, `vm`, `zos`, `freebsd`) and properties
 * nobody knows are kept in the parsed object but have no type here, because nothing reads them.
 */
import type { Hooks } from './hooks.ts';
import type { Linux } from './linux.ts';
import type { Mount } from './mount.ts';
import type { Process } from './process.ts';

/** config.md: the configuration of one container. */
export interface RuntimeConfig {
  /** The specification's version that the bundle was written for, as SemVer 2.0.0. */
  ociVersion: string;
  /** Where the root filesystem is; required on Linux. */
  root: Root;
  /** May be missing until `start`, which needs it. */
  process?: Process;
  hostname?: string;
  domainname?: string;
  /** Mounted in this order, on top of the root. */
  mounts?: Mount[];
  hooks?: Hooks;
  /** Free text for whoever reads it, also handed on in the state. */
  annotations?: Record<string, string>;
  linux?: Linux;
}

/** config.md, "Root". */
export interface Root {
  /** Absolute, or relative to the bundle. */
  path: string;
  /** Whether the container sees its root read-only; false unless said. */
  readonly?: boolean;
}
