/**
 * Runs a bundle from V8's code cache: nothing is parsed, and what it ran last time is compiled.
 *
 * Node's own compile cache would do the same at about twice the cost, and keeps a cache for each
 * user. Here the cache lies beside the bundle, is made at build time, and works when it cannot be
 * written; V8 itself refuses one of another version, or of another source.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';

/** A bundle is one function expression (build.ts). */
type Bundle = (require: (id: string) => unknown, directory: string) => void;

/** Runs `directory/name.js`, with what is in `directory/name.cache`. */
export function runBundle(directory: string, name: string): void {
  const filename = `${directory}/${name}.js`;
  const cache = `${directory}/${name}.cache`;
  const cachedData = readOptional(cache);
  // The build writes ASCII only, and one byte a character is what V8 keeps longest without copying.
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData !== undefined && { cachedData }),
  });
  const start = script.runInThisContext() as Bundle;
  start((id) => process.getBuiltinModule(id), directory);
  if (cachedData !== undefined && script.cachedDataRejected !== true) return;
  process.once('exit', (code) => {
    // Only a command that did its work has compiled what the next one will need.
    if (code === 0) save(cache, script);
  });
}

function readOptional(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A directory that cannot be written is no error: the next start is slower, that is all. */
function save(cache: string, script: Script): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData(), { flag: 'wx' });
    renameSync(temporary, cache);
  } catch {
    rmSync(temporary, { force: true });
  }
}
