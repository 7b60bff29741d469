/**
 * The entry points are shipped as bundles, built by chapters/12-engine/build.ts.
 * Life cycle: built on first use, and again whenever a source file is newer than the last build.
 */
import { existsSync, lstatSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository, runScript } from './run-script.ts';

const builder = 'chapters/12-engine/build.ts';
const output = path.join(repository, 'chapters/12-engine/dist');
const stamp = path.join(repository, 'node_modules/.workbook-built');
const sources = ['lib/src', 'lib/package.json', 'chapters/12-engine', 'pnpm-lock.yaml'];

/**
 * Builds the bundles if they are missing or older than their sources.
 * @throws Error when the build fails; its own message is on stderr by then.
 */
export async function ensureBundles(): Promise<void> {
  if (!existsSync(path.join(repository, builder))) return;
  const started = new Date();
  if (existsSync(stamp) && existsSync(output)) {
    const built = statSync(stamp).mtimeMs;
    if (!sources.some((source) => newerThan(built, path.join(repository, source)))) return;
  }
  process.stderr.write('workbook: building the entry points ...\n');
  const code = await runScript(builder, []);
  if (code !== 0) throw new Error(`${builder} failed with exit code ${code}; see above.`);
  // The time at which we began: a file saved during the build counts as newer.
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
}

function newerThan(time: number, file: string): boolean {
  const stat = lstatSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs > time;
  return readdirSync(file).some(
    (name) => name !== 'node_modules' && name !== 'dist' && newerThan(time, path.join(file, name)),
  );
}
