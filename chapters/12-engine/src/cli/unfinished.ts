/** A file or folder is made under another name, and gets its own when all of it is there. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isAlive, ownMark } from 'coracle/image';

const UNFINISHED = '.unfinished-';

/** @param make given the other name; what it made goes if it fails. */
export async function makeWhole(
  target: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = beginUnfinished(target);
  try {
    await make(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** A name beside `target`; what processes that were killed have left under such names is removed. */
export function beginUnfinished(target: string): string {
  const parent = path.dirname(target);
  const prefix = `${path.basename(target)}${UNFINISHED}`;
  const names = existsSync(parent) ? readdirSync(parent) : [];
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    if (isAlive(name.slice(prefix.length))) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  return `${target}${UNFINISHED}${ownMark()}`;
}
