/** Images in files, as peers and Coracle see them: by their config's digest and their DiffIDs. */
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  exportImages,
  exportLayout,
  importImages,
  openContentStore,
  readImage,
  type ContentStore,
} from 'coracle/image';
import { output } from './command.ts';

/** What must be the same of an image, whichever way it went. */
export interface Identity {
  /** The digest of its config, which engines call its id. */
  readonly id: string;
  readonly diffIds: readonly string[];
}

let count = 0;

/** Imports a source into a store of its own, and hands over the images. */
async function imported<T>(
  folder: string,
  source: string,
  use: (store: ContentStore, images: Awaited<ReturnType<typeof importImages>>) => T | Promise<T>,
): Promise<T> {
  using store = openContentStore(join(folder, `store-${++count}`), { durable: false });
  return await use(store, await importImages(store, source));
}

/** As Coracle reads it: the only image of a source, and its names. */
export function readByCoracle(
  folder: string,
  source: string,
): Promise<Identity & { names: readonly string[] }> {
  return imported(folder, source, (store, images) => {
    const [image] = images;
    if (image === undefined || images.length > 1) throw new Error(`${images.length} images`);
    const { manifest, config } = readImage(store, image.descriptor);
    const id = manifest.config.digest;
    return { id, diffIds: config.rootfs.diff_ids, names: image.names };
  });
}

/** How Coracle writes images. */
export type Form = 'oci' | 'docker' | 'layout';

/** Takes the images of a source, and writes them as one form, all with this name. */
export function rewrite(folder: string, source: string, form: Form, name: string): Promise<string> {
  return imported(folder, source, async (store, found) => {
    const target = join(folder, `rewritten-${++count}`);
    const images = found.map(({ descriptor }) => ({ name, descriptor }));
    if (form === 'layout') await exportLayout(store, images, target);
    else {
      const archive = Readable.from(exportImages(store, images, { format: form }));
      await pipeline(archive, createWriteStream(target));
    }
    return target;
  });
}

/** As skopeo reads it, through its own copy: `transport` is such as `oci-archive`. */
export async function readBySkopeo(
  folder: string,
  transport: string,
  source: string,
): Promise<Identity> {
  const copy = join(folder, `copy-${++count}`);
  await output(['skopeo', 'copy', '--quiet', `${transport}:${source}`, `dir:${copy}`]);
  const read = (name: string) => JSON.parse(readFileSync(join(copy, name), 'utf8')) as unknown;
  const { config } = read('manifest.json') as { config: { digest: string } };
  const { rootfs } = read(config.digest.slice('sha256:'.length)) as {
    rootfs: { diff_ids: string[] };
  };
  return { id: config.digest, diffIds: rootfs.diff_ids };
}

/** As docker, podman or buildah tell it with this command. */
export async function readByEngine(
  inspect: (format: string) => Promise<string>,
): Promise<Identity> {
  const [id = '', diffIds = ''] = (await inspect('{{.Id}} {{json .RootFS.Layers}}')).split(' ');
  return { id: id.replace(/^(?:sha256:)?/, 'sha256:'), diffIds: JSON.parse(diffIds) as string[] };
}
