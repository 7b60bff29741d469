/** A bundle: a directory with config.json and, named there, a root filesystem (bundle.md). */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfig, type RuntimeConfig, type ValidationError } from '../oci/index.ts';
import { hasCode } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';

export interface Bundle {
  /** Absolute. */
  readonly path: string;
  readonly config: RuntimeConfig;
  /** Absolute path of the root filesystem. */
  readonly rootfs: string;
}

/**
 * Reads and validates a bundle.
 *
 * @throws ConfigError with a JSON pointer for each problem; RuntimeError if a part is missing.
 */
export function loadBundle(
  directory: string,
  onWarning?: (warning: ValidationError) => void,
): Bundle {
  const path = resolve(directory);
  const file = join(path, 'config.json');
  const config = parseConfig(
    readConfig(path, file),
    file,
    onWarning === undefined ? {} : { onWarning },
  );
  const rootfs = resolve(path, config.root.path);
  if (isDirectory(rootfs)) return { path, config, rootfs };
  throw new RuntimeError(
    'ROOTFS_MISSING',
    `invalid rootfs: ${rootfs} (root.path of ${file}) is not a directory; unpack an image there`,
  );
}

function readConfig(bundle: string, file: string): string {
  if (!isDirectory(bundle)) {
    throw new RuntimeError('BUNDLE_MISSING', `chdir ${bundle}: no such file or directory`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new RuntimeError('CONFIG_MISSING', `JSON specification file ${file} not found`, {
      cause: error,
    });
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
