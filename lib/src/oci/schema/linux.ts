/** config-linux.md. */
import { DEVICE_TYPES } from '../devices.ts';
import { PERSONALITY_DOMAINS, ROOTFS_PROPAGATIONS } from '../linux.ts';
import { MEMORY_POLICY_FLAGS, MEMORY_POLICY_MODES } from '../memory-policy.ts';
import { NAMESPACE_TYPES } from '../namespaces.ts';
import { integer, listOf, mapOf, object, oneOf, text, textMap, texts, truth } from './parts.ts';
import type { Schema } from './parts.ts';
import { resourcesSchema } from './resources.ts';
import { seccompSchema } from './seccomp.ts';

/** config-linux.md, "User namespace mappings"; mounts have them as well. */
export const idMappingsSchema: Schema = listOf(
  object({ containerID: integer('uint32'), hostID: integer('uint32'), size: integer('uint32') }, [
    'containerID',
    'hostID',
    'size',
  ]),
);

const device = object(
  {
    type: oneOf(DEVICE_TYPES),
    path: text,
    major: integer('major'),
    minor: integer('minor'),
    fileMode: integer('uint32'),
    uid: integer('id'),
    gid: integer('id'),
  },
  ['type', 'path'],
);

const timeOffset = object({ secs: integer('safe'), nanosecs: integer('nanoseconds') });

const intelRdt = object({
  closID: text,
  schemata: texts,
  l3CacheSchema: text,
  memBwSchema: text,
  enableMonitoring: truth,
});

export const linuxSchema: Schema = object({
  namespaces: listOf(object({ type: oneOf(NAMESPACE_TYPES), path: text }, ['type'])),
  uidMappings: idMappingsSchema,
  gidMappings: idMappingsSchema,
  timeOffsets: mapOf(timeOffset),
  devices: listOf(device),
  netDevices: mapOf(object({ name: text })),
  cgroupsPath: text,
  resources: resourcesSchema,
  intelRdt,
  memoryPolicy: object(
    {
      mode: oneOf(MEMORY_POLICY_MODES),
      nodes: text,
      flags: listOf(oneOf(MEMORY_POLICY_FLAGS)),
    },
    ['mode'],
  ),
  sysctl: textMap,
  seccomp: seccompSchema,
  rootfsPropagation: oneOf(ROOTFS_PROPAGATIONS),
  maskedPaths: texts,
  readonlyPaths: texts,
  mountLabel: text,
  personality: object({ domain: oneOf(PERSONALITY_DOMAINS), flags: texts }, ['domain']),
});
