/**
 * `manifest.json` of `docker save`: which of an archive's files are whose config and layers. It has
 * no digests, so they are computed, and a manifest is made of them, byte for byte as containerd does
 * (core/images/archive), so that both engines give the image one digest.
 */
import {
  MEDIA_TYPE,
  parseImageConfig,
  type Compression,
  type Digest,
  type ImageDescriptor,
} from '../../oci/index.ts';
import type { Content } from '../content/types.ts';
import { ImageError } from '../errors.ts';
import { detectCompression } from '../layers/decompress.ts';
import { readText } from '../document.ts';
import { mergeImages, type ImportedImage } from '../layout/names.ts';
import type { ArchiveFiles } from './files.ts';
import { receiveBytes, type ImportOptions } from './receive.ts';
import { MAX_DESCRIPTORS } from './tree.ts';

/** One image of `manifest.json`; its paths are names in the archive. */
interface Item {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

const LAYER_TYPES: Readonly<Record<Compression, string>> = {
  none: MEDIA_TYPE.dockerLayer,
  gzip: MEDIA_TYPE.dockerLayerGzip,
  zstd: MEDIA_TYPE.dockerLayerZstd,
};

/** Makes the manifests. @throws ImageError NOT_FOUND, BAD_CONTENT, TOO_LARGE; ConfigError. */
export async function dockerImages(
  content: Content,
  files: ArchiveFiles,
  text: string,
  options: ImportOptions,
): Promise<ImportedImage[]> {
  const items = parseItems(text);
  const count = items.reduce((sum, { Layers }) => sum + 2 + Layers.length, 0);
  if (count > MAX_DESCRIPTORS) {
    const message = `manifest.json names more than ${MAX_DESCRIPTORS} pieces`;
    throw new ImageError('TOO_LARGE', `${message}: do not use this archive`);
  }
  const images: ImportedImage[] = [];
  for (const item of items) {
    const descriptor = await makeManifest(content, files, item, options);
    images.push({ names: item.RepoTags, descriptor });
  }
  return mergeImages(images);
}

async function makeManifest(
  content: Content,
  files: ArchiveFiles,
  item: Item,
  options: ImportOptions,
): Promise<ImageDescriptor> {
  const config = describe(files, item.Config, MEDIA_TYPE.dockerConfig);
  const { rootfs } = parseImageConfig(readText(content, config), item.Config);
  if (rootfs.diff_ids.length !== item.Layers.length) {
    const message = `${item.Config} has DiffIDs for ${rootfs.diff_ids.length} layers, and`;
    throw damaged(`${message} manifest.json names ${item.Layers.length}`);
  }
  const layers: ImageDescriptor[] = [];
  for (const [at, name] of item.Layers.entries()) {
    options.signal?.throwIfAborted();
    layers.push(await layerOf(content, describe(files, name, ''), name, rootfs.diff_ids[at]));
  }
  const mediaType = MEDIA_TYPE.dockerManifest;
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  const { digest, size } = receiveBytes(content, 'manifest', bytes, options);
  return { mediaType, digest, size };
}

/** A plain archive's digest is its DiffID; a compressed one's is found where it is unpacked. */
async function layerOf(
  content: Content,
  file: ImageDescriptor,
  name: string,
  diffId: Digest | undefined,
): Promise<ImageDescriptor> {
  const compression = await detectCompression(content.path(file.digest));
  if (compression === 'none' && diffId?.startsWith('sha256:') && file.digest !== diffId) {
    throw damaged(`the layer ${name} has the digest ${file.digest}, and its config says ${diffId}`);
  }
  return { ...file, mediaType: LAYER_TYPES[compression] };
}

function describe(files: ArchiveFiles, name: string, mediaType: string): ImageDescriptor {
  const file = files.find(name);
  if (file !== undefined) return { mediaType, digest: file.digest, size: file.size };
  const message = `the archive has no file ${JSON.stringify(name.slice(0, 200))}, which its`;
  throw new ImageError('NOT_FOUND', `${message} manifest.json names: save the image again`);
}

function parseItems(text: string): Item[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged('manifest.json is not JSON', { cause });
  }
  if (!Array.isArray(value)) throw damaged('manifest.json is no list of images');
  return value.map((item: Partial<Record<keyof Item, unknown>> | null, at) => {
    const { Config, RepoTags, Layers } = item ?? {};
    const [tags, layers] = [RepoTags ?? [], Layers ?? []];
    if (typeof Config === 'string' && isTexts(tags) && isTexts(layers)) {
      return { Config, RepoTags: tags, Layers: layers };
    }
    throw damaged(
      `manifest.json: image ${at} has no Config, or RepoTags or Layers of another kind`,
    );
  });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function damaged(what: string, options?: ErrorOptions): ImageError {
  return new ImageError('BAD_CONTENT', `${what}: the archive is damaged, save it again`, options);
}
