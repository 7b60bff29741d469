/**
 * The OCI runtime that every engine of this suite is told to use.
 *
 * It is Coracle's own entry point, unless CORACLE_TEST_RUNTIME names another: with
 * CORACLE_TEST_RUNTIME=/usr/sbin/runc the same tests run against runc, which shows whether a
 * failure is the runtime's or the engine's, the machine's, or the test's own.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const OURS = resolve(import.meta.dirname, '../../../chapters/12-engine/bin/coracle-runtime');

/** The absolute path of the runtime under test. */
export const runtimePath = resolve(process.env['CORACLE_TEST_RUNTIME'] ?? OURS);

/**
 * Why this machine cannot run the engines `programs`, or `undefined` if it can.
 * A missing runtime under test is no such reason: that is a failure, not a skip.
 */
export function missing(...programs: string[]): string | undefined {
  if (process.platform !== 'linux') return 'engines run on Linux only';
  if (process.getuid?.() !== 0) return 'engines need root';
  const absent = [...IMAGE_TOOLS, ...programs].filter((name) => findProgram(name) === undefined);
  return absent.length === 0 ? undefined : `not installed: ${absent.join(', ')}`;
}

/** The absolute path of `name`: itself if it has a slash, else where PATH or an sbin has it. */
export function findProgram(name: string): string | undefined {
  if (name.includes('/')) return isExecutable(name) ? name : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

const IMAGE_TOOLS = ['umoci', 'skopeo', 'busybox', 'script', 'unshare', 'nsenter'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
