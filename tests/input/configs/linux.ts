/** Namespaces, mappings, devices and the small parts of the `linux` section. */
import type { WrongConfig } from '../wrong-config.ts';

const L = '/linux';

/** Adds these to the namespaces that `spec` writes. */
const namespaces = (...more: object[]) => ({
  [`${L}/namespaces`]: [
    ...['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    ...more,
  ],
});

const one = { containerID: 0, hostID: 1000, size: 1 };

export const linux: readonly WrongConfig[] = [
  { wrong: 'a namespace with another name', set: namespaces({ type: 'net' }) },
  { wrong: 'the same namespace twice', set: namespaces({ type: 'pid', path: '/proc/1/ns/pid' }) },
  { wrong: 'a namespace at a relative path', set: namespaces({ type: 'user', path: 'ns/user' }) },
  { wrong: 'hidden paths without a mount namespace', drop: [`${L}/namespaces/4`] },
  { wrong: 'a hidden path that is relative', set: { [`${L}/maskedPaths`]: ['proc/kcore'] } },
  { wrong: 'a user namespace without mappings', set: namespaces({ type: 'user' }) },
  { wrong: 'mappings without a user namespace', set: { [`${L}/uidMappings`]: [one] } },
  {
    wrong: 'mappings that overlap, and map nothing',
    set: {
      ...namespaces({ type: 'user' }),
      [`${L}/uidMappings`]: [
        { ...one, size: 10 },
        { ...one, containerID: 50 },
      ],
      [`${L}/gidMappings`]: [one, { containerID: 1, hostID: 5, size: 0 }],
    },
  },
  {
    wrong: 'more mappings than the kernel takes, beyond the last id',
    set: {
      ...namespaces({ type: 'user' }),
      [`${L}/uidMappings`]: Array.from({ length: 341 }, (_, id) => ({
        containerID: id,
        hostID: id,
        size: 1,
      })),
      [`${L}/gidMappings`]: [{ containerID: 0, hostID: 1000, size: 4294967295 }],
    },
  },
  {
    wrong: 'a user that is not mapped',
    set: {
      ...namespaces({ type: 'user' }),
      [`${L}/uidMappings`]: [one],
      [`${L}/gidMappings`]: [one],
      '/process/user/uid': 33,
    },
  },
  {
    wrong: 'clocks shifted without a time namespace',
    set: { [`${L}/timeOffsets`]: { monotonic: { secs: 5 } } },
  },
  {
    wrong: 'a clock shifted by too many nanoseconds',
    set: { [`${L}/timeOffsets`]: { monotonic: { nanosecs: 2_000_000_000 } } },
  },
  {
    wrong: 'a clock that cannot be shifted',
    set: { ...namespaces({ type: 'time' }), [`${L}/timeOffsets`]: { realtime: { secs: 5 } } },
  },
  {
    wrong: 'clocks shifted in a time namespace that others have made',
    set: {
      ...namespaces({ type: 'time', path: '/proc/1/ns/time' }),
      [`${L}/timeOffsets`]: { boottime: { secs: 5 } },
    },
  },
  {
    wrong: 'a device of an unknown type',
    set: { [`${L}/devices`]: [{ type: 'x', path: '/dev/fuse', major: 10, minor: 229 }] },
  },
  {
    wrong: 'a device without numbers, at a relative path',
    set: { [`${L}/devices`]: [{ type: 'c', path: 'fuse' }] },
  },
  {
    wrong: 'a network device with a path for a name',
    set: { [`${L}/netDevices`]: { eth0: { name: '../eth0' }, 'a-name-that-is-too-long': {} } },
  },
  {
    wrong: 'a network device without a network namespace',
    set: {
      [`${L}/netDevices`]: { eth0: {} },
      [`${L}/namespaces`]: [{ type: 'mount' }, { type: 'uts' }],
    },
  },
  { wrong: 'a propagation in capitals', set: { [`${L}/rootfsPropagation`]: 'PRIVATE' } },
  { wrong: 'an unknown personality', set: { [`${L}/personality`]: { domain: 'LINUX64' } } },
  {
    wrong: 'a memory policy without nodes, with flags that exclude each other',
    set: {
      [`${L}/memoryPolicy`]: {
        mode: 'MPOL_BIND',
        flags: ['MPOL_F_STATIC_NODES', 'MPOL_F_RELATIVE_NODES'],
      },
    },
  },
  {
    wrong: 'memory nodes in words',
    set: { [`${L}/memoryPolicy`]: { mode: 'MPOL_PREFERRED', nodes: 'all' } },
  },
  {
    wrong: 'a memory policy that takes no nodes',
    set: { [`${L}/memoryPolicy`]: { mode: 'MPOL_LOCAL', nodes: '0' } },
  },
  {
    wrong: 'a class of service that leads elsewhere',
    set: {
      [`${L}/intelRdt`]: { closID: '../x', memBwSchema: '0=20', schemata: ['L3:0=f\nMB:0=1'] },
    },
  },
];
