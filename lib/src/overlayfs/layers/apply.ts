/**
 * From OCI whiteouts to what a directory must hold: an overlay layer keeps marks, a plain copy of
 * the whole image loses the files.
 */
import { rmSync } from 'node:fs';
import { readOciName } from '#parts/overlayfs/oci-names.ts';
import { lstatOf, makeOpaque, makeWhiteout, markPrefix } from './marks.ts';
import { encodePath, listNames } from './names.ts';

/** What a layer is unpacked into: one layer of an overlay, or a copy of everything below it. */
export interface LayerForm {
  readonly form: 'overlay' | 'plain';
  readonly userxattr?: boolean;
}

/**
 * Applies one entry of a layer's archive if it is a whiteout.
 *
 * The caller has resolved `directory` inside the layer's root. Whiteouts speak of lower layers only
 * (layer.md), so in a plain copy they must be applied before the layer's own files are written, or
 * not to names that the layer has written: `written` tells those.
 *
 * @param name the last part of the entry's path.
 * @returns `false` for an ordinary entry, which the caller unpacks.
 * @throws OverlayError for a malformed whiteout.
 */
export function applyWhiteout(
  directory: string,
  name: string,
  { form, userxattr = false }: LayerForm,
  written: (name: string) => boolean = () => false,
): boolean {
  const meaning = readOciName(name);
  switch (meaning.kind) {
    case 'file':
      return false;
    case 'ignored':
      return true;
    case 'opaque':
      if (form === 'overlay') makeOpaque(directory, markPrefix(userxattr));
      else for (const each of listNames(directory)) if (!written(each)) remove(directory, each);
      return true;
    case 'whiteout':
      if (written(meaning.name)) return true;
      if (form === 'overlay') makeWhiteout(`${directory}/${meaning.name}`);
      else remove(directory, meaning.name);
      return true;
  }
}

/**
 * Turns the `.wh.` files of a layer that was unpacked as it is into overlayfs' own marks, in place.
 *
 * Symlinks are not followed. A name that the layer both deletes and has stays: the whiteout was
 * about the layers below.
 */
export function convertLayer(root: string, userxattr = false): void {
  const names = listNames(root);
  const present = new Set(names);
  for (const name of names) {
    const path = `${root}/${name}`;
    const options = { form: 'overlay', userxattr } as const;
    if (applyWhiteout(root, name, options, (each) => present.has(each))) remove(root, name);
    else if (lstatOf(path)?.isDirectory() === true) convertLayer(path, userxattr);
  }
}

function remove(directory: string, name: string): void {
  rmSync(encodePath(`${directory}/${name}`), { recursive: true, force: true });
}
