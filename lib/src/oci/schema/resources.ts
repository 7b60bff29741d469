/** config-linux.md, "Control groups": also what `update --resources` reads. */
import { DEVICE_RULE_TYPES } from '../devices.ts';
import { integer, listOf, mapOf, object, oneOf, text, textLike, textMap, truth } from './parts.ts';
import type { Schema } from './parts.ts';

const deviceNumber = { major: integer('uint32'), minor: integer('uint32') };

const throttle = listOf(
  object({ ...deviceNumber, rate: integer('uint64') }, ['major', 'minor', 'rate']),
);

const deviceRule = object(
  {
    allow: truth,
    type: oneOf(DEVICE_RULE_TYPES),
    major: integer('deviceRuleNumber'),
    minor: integer('deviceRuleNumber'),
    access: textLike('^[rwm]*$', 'a string of the letters r, w and m'),
  },
  ['allow'],
);

const memory = object({
  limit: integer('limit'),
  reservation: integer('limit'),
  swap: integer('limit'),
  kernel: integer('limit'),
  kernelTCP: integer('limit'),
  swappiness: integer('percent'),
  disableOOMKiller: truth,
  useHierarchy: truth,
  checkBeforeUpdate: truth,
});

const cpu = object({
  shares: integer('uint64'),
  quota: integer('int64'),
  burst: integer('uint64'),
  period: integer('uint64'),
  realtimeRuntime: integer('int64'),
  realtimePeriod: integer('uint64'),
  cpus: text,
  mems: text,
  idle: integer('flag'),
});

const blockIO = object({
  weight: integer('blockIOWeight'),
  leafWeight: integer('blockIOWeight'),
  weightDevice: listOf(
    object(
      {
        ...deviceNumber,
        weight: integer('blockIOWeight'),
        leafWeight: integer('blockIOWeight'),
      },
      ['major', 'minor'],
    ),
  ),
  throttleReadBpsDevice: throttle,
  throttleWriteBpsDevice: throttle,
  throttleReadIOPSDevice: throttle,
  throttleWriteIOPSDevice: throttle,
});

export const resourcesSchema: Schema = object({
  devices: listOf(deviceRule),
  memory,
  cpu,
  pids: object({ limit: integer('limit') }),
  blockIO,
  hugepageLimits: listOf(
    object(
      {
        pageSize: textLike('^[1-9][0-9]*[KMG]B$', 'a size such as "64KB", "2MB" or "1GB"'),
        limit: integer('uint64'),
      },
      ['pageSize', 'limit'],
    ),
  ),
  network: object({
    classID: integer('uint32'),
    priorities: listOf(object({ name: text, priority: integer('uint32') }, ['name', 'priority'])),
  }),
  rdma: mapOf(object({ hcaHandles: integer('uint32'), hcaObjects: integer('uint32') })),
  unified: textMap,
});
