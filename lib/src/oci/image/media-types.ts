/**
 * What a blob is (OCI image-spec, media-types.md), and Docker's older names for the same
 * (distribution, "Image Manifest Version 2, Schema 2").
 */
export const MEDIA_TYPE = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const;

/** Schema 1 of Docker, of before 2016: it names layers by no content, and is refused. */
export const SCHEMA_1_MEDIA_TYPES: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];

/** What a list of manifests may call itself. */
export const INDEX_MEDIA_TYPES: readonly string[] = [MEDIA_TYPE.index, MEDIA_TYPE.dockerList];

/** What a single manifest may call itself. */
export const MANIFEST_MEDIA_TYPES: readonly string[] = [
  MEDIA_TYPE.manifest,
  MEDIA_TYPE.dockerManifest,
];

export type Compression = 'none' | 'gzip' | 'zstd';

/** `.foreign.` and `.nondistributable.` layers are layers like others once they are here. */
const LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1|docker\.image\.rootfs\.(?:foreign\.)?diff)\.tar(?:[.+](gzip|zstd))?$/;

/** How a layer of this media type is compressed; `undefined` for what is no layer. */
export function layerCompression(mediaType: string): Compression | undefined {
  const match = LAYER.exec(mediaType);
  if (match === null) return undefined;
  return (match[1] as Compression | undefined) ?? 'none';
}

/** Layers that their licence forbids to hand on: registries need not hold them. */
export function isForeignLayer(mediaType: string): boolean {
  return layerCompression(mediaType) !== undefined && /foreign|nondistributable/.test(mediaType);
}
