/** config.md: the whole document. */
import { HOOK_NAMES } from '../hooks.ts';
import { idMappingsSchema, linuxSchema } from './linux.ts';
import { integer, listOf, object, text, textMap, texts, truth } from './parts.ts';
import type { Schema } from './parts.ts';
import { processSchema } from './process.ts';

const hook = object({ path: text, args: texts, env: texts, timeout: integer('seconds') }, ['path']);

const mount = object(
  {
    destination: text,
    type: text,
    source: text,
    options: texts,
    uidMappings: idMappingsSchema,
    gidMappings: idMappingsSchema,
  },
  ['destination'],
);

export const configSchema: Schema = object(
  {
    ociVersion: text,
    root: object({ path: text, readonly: truth }, ['path']),
    process: processSchema,
    hostname: text,
    domainname: text,
    mounts: listOf(mount),
    hooks: object(Object.fromEntries(HOOK_NAMES.map((name) => [name, listOf(hook)]))),
    annotations: textMap,
    linux: linuxSchema,
  },
  ['ociVersion', 'root'],
);
