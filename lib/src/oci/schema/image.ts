/** The documents of the image-spec: descriptors, indexes, manifests and image configs. */
import { integer, listOf, mapOf, object, text, textMap, texts, textLike, truth } from './parts.ts';
import type { Schema } from './parts.ts';

const platform = object(
  {
    architecture: text,
    os: text,
    'os.version': text,
    'os.features': texts,
    variant: text,
  },
  ['architecture', 'os'],
);

const digest = textLike(
  '^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$',
  'sha256: and 64 digits 0-9 or a-f, or sha512: and 128',
);

const descriptor: Schema = object(
  {
    mediaType: textLike('^[^/\\s]+/[^/\\s]+$', 'a media type such as application/json'),
    digest,
    size: integer('size'),
    urls: texts,
    annotations: textMap,
    data: text,
    artifactType: text,
    platform,
  },
  ['mediaType', 'digest', 'size'],
);

export const manifestSchema: Schema = object(
  {
    schemaVersion: integer('schemaVersion'),
    mediaType: text,
    artifactType: text,
    config: descriptor,
    layers: listOf(descriptor),
    subject: descriptor,
    annotations: textMap,
  },
  ['schemaVersion', 'config', 'layers'],
);

export const indexSchema: Schema = object(
  {
    schemaVersion: integer('schemaVersion'),
    mediaType: text,
    artifactType: text,
    manifests: listOf(descriptor),
    subject: descriptor,
    annotations: textMap,
  },
  ['schemaVersion', 'manifests'],
);

const emptyObjects = mapOf({ type: 'object' });

const imageProcess = object({
  User: text,
  ExposedPorts: emptyObjects,
  Env: texts,
  Entrypoint: texts,
  Cmd: texts,
  Volumes: emptyObjects,
  WorkingDir: text,
  Labels: textMap,
  StopSignal: text,
  ArgsEscaped: truth,
  OnBuild: texts,
  Shell: texts,
});

export const imageConfigSchema: Schema = object(
  {
    architecture: text,
    os: text,
    'os.version': text,
    'os.features': texts,
    variant: text,
    created: text,
    author: text,
    config: imageProcess,
    rootfs: object({ type: text, diff_ids: listOf(digest) }, ['diff_ids']),
    history: listOf(
      object({ created: text, created_by: text, author: text, comment: text, empty_layer: truth }),
    ),
  },
  ['architecture', 'os', 'rootfs'],
);
