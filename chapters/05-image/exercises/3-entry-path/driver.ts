/** Unpacks a small archive's entries by the learner's decisions, as the engine's applier would. */
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EntryType, placeEntry, splitEntryPath } from 'coracle/image';
import { makeFiles, setStage, STAGE } from '../stage.ts';
import { brief } from './brief.ts';

interface Learner {
  readonly splitEntryPath: typeof splitEntryPath;
  readonly placeEntry: typeof placeEntry;
}

/**
 * What becomes of a path that is too long for a report: the names in brief, or the code of what is
 * thrown.
 */
export function split({ splitEntryPath: taught }: Learner, text: string): unknown {
  try {
    const names: unknown = taught(text);
    return Array.isArray(names) ? names.map((name) => brief(String(name))) : names;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === undefined || code === 'TODO') throw error;
    return { throws: code };
  }
}

/** An entry of the archive: a name that ends in `/` is a directory, `NAME -> TARGET` a symlink. */
export function unpack(learner: Learner, entries: readonly string[]): string[] {
  setStage();
  makeFiles({ 'host/passwd': 'of the host', 'image/': '' });
  return entries.filter((entry) => !isUnpacked(learner, entry));
}

function isUnpacked(
  { splitEntryPath: taught, placeEntry: place }: Learner,
  entry: string,
): boolean {
  const [name = '', target] = entry.split(' -> ');
  let at: string;
  try {
    at = path.join(STAGE, 'image', ...taught(name));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'BAD_ARCHIVE') throw error;
    return false;
  }
  const type = typeOf(name, target);
  const what = place(type, typeAt(at));
  if (what === 'replace') rmSync(at, { recursive: true });
  if (what !== 'keep') make(at, type, target);
  return true;
}

function typeOf(name: string, target: string | undefined): EntryType {
  if (target !== undefined) return 'symlink';
  return name.endsWith('/') ? 'directory' : 'file';
}

function make(at: string, type: EntryType, target: string | undefined): void {
  mkdirSync(path.dirname(at), { recursive: true });
  if (type === 'directory') mkdirSync(at);
  else if (target !== undefined) symlinkSync(target, at);
  else writeFileSync(at, 'of the image');
}

function typeAt(at: string): EntryType | undefined {
  const stats = lstatSync(at, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'file';
}
