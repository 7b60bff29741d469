/**
 * Reads the documents of the image-spec, which come from strangers: each is checked whole before
 * anything in it is used. The caller has bounded the size (`MAX_DOCUMENT_SIZE`) and checked the
 * digest.
 */
import type { ImageConfig } from '../image/config.ts';
import type { ImageIndex, ImageManifest } from '../image/manifest.ts';
import {
  INDEX_MEDIA_TYPES,
  MANIFEST_MEDIA_TYPES,
  SCHEMA_1_MEDIA_TYPES,
} from '../image/media-types.ts';
import { checkSchema, jsonType } from '../schema/check.ts';
import { dropEmpty } from '../schema/empty.ts';
import { imageConfigSchema, indexSchema, manifestSchema } from '../schema/image.ts';
import type { Schema } from '../schema/parts.ts';
import { ConfigError } from './config-error.ts';
import { reportInto, type ValidationError } from './problem.ts';
import { reportMismatch } from './structure.ts';

/**
 * No manifest, index or config is larger, in bytes: registries must take 4 MiB and may refuse more
 * (distribution-spec, "Pushing Manifests"), and containerd refuses 8 MiB.
 */
export const MAX_DOCUMENT_SIZE = 4 << 20;

/** What a document of manifests turned out to be. */
export type ManifestOrIndex =
  | { readonly kind: 'manifest'; readonly manifest: ImageManifest }
  | { readonly kind: 'index'; readonly index: ImageIndex };

/**
 * Reads a manifest or an index (manifest.md, image-index.md; Docker's schema 2 alike).
 *
 * What it is follows from what is in it. A document that claims to be something else, or to be both
 * (CVE-2021-41190), is refused, since another reader may take it for the other.
 *
 * @param mediaType what the descriptor or the registry called it.
 * @param where for messages: a digest, a file, a reference.
 * @throws ConfigError, which lists every problem.
 */
export function parseManifest(source: string, mediaType: string, where: string): ManifestOrIndex {
  const value = parseObject(source, where, 'manifest.md');
  refuseSchema1(value, mediaType, where);
  const isIndex = Object.hasOwn(value, 'manifests');
  if (isIndex && (Object.hasOwn(value, 'layers') || Object.hasOwn(value, 'config'))) {
    throw refusal(where, '', {
      found: 'a list of manifests with layers or config of its own',
      allowed: 'either an index or a manifest',
      next: 'Do not use this image: readers would not agree on what it is.',
      section: 'manifest.md, "Image Manifest Property Descriptions"',
    });
  }
  const kind = isIndex ? 'index' : 'manifest';
  const types = isIndex ? INDEX_MEDIA_TYPES : MANIFEST_MEDIA_TYPES;
  refuseOtherType(value['mediaType'], types, kind, where);
  refuseOtherType(mediaType, types, kind, where);
  if (isIndex) {
    check(value, indexSchema, where, 'image-index.md');
    return { kind: 'index', index: value as unknown as ImageIndex };
  }
  check(value, manifestSchema, where, 'manifest.md');
  return { kind: 'manifest', manifest: value as unknown as ImageManifest };
}

/** Reads an image's config (config.md). @throws ConfigError, which lists every problem. */
export function parseImageConfig(source: string, where: string): ImageConfig {
  const value = parseObject(source, where, 'config.md');
  check(value, imageConfigSchema, where, 'config.md');
  return value as unknown as ImageConfig;
}

function parseObject(source: string, where: string, section: string): Record<string, unknown> {
  const problem = { allowed: 'one JSON object', next: 'Fetch it again, or make it anew.', section };
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw refusal(where, '', { found: 'text that is not JSON', ...problem });
  }
  if (jsonType(value) === 'object') return value as Record<string, unknown>;
  throw refusal(where, '', { found: `JSON of type ${jsonType(value)}`, ...problem });
}

function check(
  value: Record<string, unknown>,
  schema: Schema,
  where: string,
  section: string,
): void {
  fillLists(value);
  dropEmpty(schema, value);
  const found = { errors: [] as ValidationError[], warnings: [] as ValidationError[] };
  const report = reportInto(found);
  for (const mismatch of checkSchema(schema, value)) reportMismatch(mismatch, report);
  for (const problem of found.errors) problem.section = section;
  if (found.errors.length > 0) throw new ConfigError(where, found.errors);
}

/** Go writes a list without elements as `null`. */
function fillLists(value: Record<string, unknown>): void {
  for (const name of ['layers', 'manifests']) if (value[name] === null) value[name] = [];
  const rootfs = value['rootfs'] as { diff_ids?: unknown } | null | undefined;
  if (jsonType(rootfs) === 'object' && rootfs?.diff_ids === null) rootfs.diff_ids = [];
}

function refuseSchema1(value: Record<string, unknown>, mediaType: string, where: string): void {
  if (value['schemaVersion'] !== 1 && !SCHEMA_1_MEDIA_TYPES.includes(mediaType)) return;
  throw refusal(where, '/schemaVersion', {
    found: '1, Docker’s format of before 2016, which names no content by digest',
    allowed: '2',
    next: 'Push the image again with a client of today, such as skopeo copy --format oci.',
    section: 'manifest.md, "Image Manifest Property Descriptions"',
  });
}

function refuseOtherType(
  type: unknown,
  types: readonly string[],
  kind: string,
  where: string,
): void {
  if (type === undefined || type === null || type === '') return;
  if (typeof type === 'string' && types.includes(type)) return;
  const article = kind === 'index' ? 'an index' : 'a manifest';
  throw refusal(where, '/mediaType', {
    found: `${JSON.stringify(type)} on what is ${article}`,
    allowed: `one of ${types.join(', ')}`,
    next: 'Do not use this image: readers would not agree on what it is.',
    section: 'manifest.md, "Image Manifest Property Descriptions"',
  });
}

function refusal(
  where: string,
  pointer: string,
  problem: Omit<ValidationError, 'pointer'>,
): ConfigError {
  return new ConfigError(where, [{ pointer, ...problem }]);
}
