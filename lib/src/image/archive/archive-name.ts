/** Names in an archive of images: those of its files, and where its links lead. Pure. */
import path from 'node:path';
import { splitEntryPath } from '#parts/image/entry-path.ts';
import { ImageError } from '../errors.ts';

/** `./index.json` and `/index.json` are `index.json`. @throws ImageError BAD_ARCHIVE. */
export function archiveName(name: string): string {
  return splitEntryPath(name).join('/');
}

/** A symlink is read from the folder that it is in, and may go up, but not out. */
export function symlinkTarget(name: string, link: string): string {
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(name), link));
  if (target === '..' || target.startsWith('../') || link.startsWith('/')) throw leadsOut(link);
  return target;
}

function leadsOut(name: string): ImageError {
  const shown = JSON.stringify(name.slice(0, 100));
  const message = `${shown} in the archive leads out of it`;
  return new ImageError('BAD_ARCHIVE', `${message}: it is hostile, do not use it`);
}
