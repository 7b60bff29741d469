/** The wrong configs, in the order of the specification. Their messages: golden/configs.txt. */
import type { WrongConfig } from './wrong-config.ts';

const L = '/linux';
const R = '/linux/resources';
const S = '/linux/seccomp';

/** Adds these to the namespaces that `spec` writes. */
const namespaces = (...more: object[]) => ({
  [`${L}/namespaces`]: [
    ...['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    ...more,
  ],
});

const one = { containerID: 0, hostID: 1000, size: 1 };

const document: WrongConfig[] = [
  { wrong: 'an empty file', text: '' },
  { wrong: 'a list instead of an object', text: '[]' },
  { wrong: 'a comma too many', text: '{"ociVersion": "1.3.0",}' },
  { wrong: 'no version', drop: ['/ociVersion'] },
  { wrong: 'a version that is a number', set: { '/ociVersion': 1.3 } },
  { wrong: 'a version without a patch number', set: { '/ociVersion': '1.3' } },
  { wrong: 'a version before 1.0', set: { '/ociVersion': '0.6.0' } },
  { wrong: 'a version of the future', set: { '/ociVersion': '2.0.0' } },
  { wrong: 'no root', drop: ['/root'] },
  { wrong: 'a root without a path', drop: ['/root/path'] },
  { wrong: 'an empty root path', set: { '/root/path': '' } },
  { wrong: 'a truth in quotes', set: { '/root/readonly': 'true' } },
  { wrong: 'a host name without a UTS namespace', drop: ['/linux/namespaces/3'] },
  { wrong: 'a host name too long', set: { '/hostname': 'h'.repeat(65) } },
  { wrong: 'an annotation without a name', set: { '/annotations': { '': 'x' } } },
  { wrong: 'an annotation that is no text', set: { '/annotations': { 'a/b': { c: 1 } } } },
  { wrong: 'a NUL in an argument', set: { '/process/args': ['sh', 'a\0b'] } },
];

const mounts: WrongConfig[] = [
  { wrong: 'a mount without a destination', drop: ['/mounts/0/destination'] },
  { wrong: 'a mount onto nothing', set: { '/mounts/0/destination': '' } },
  { wrong: 'mount options as one string', set: { '/mounts/0/options': 'ro,nosuid' } },
  { wrong: 'half of an idmapped mount', set: { '/mounts/0/uidMappings': [one] } },
  {
    wrong: 'an idmapped mount without any mapping',
    set: { '/mounts/0/options': ['rbind', 'idmap'] },
  },
];

const process: WrongConfig[] = [
  { wrong: 'no working directory', drop: ['/process/cwd'] },
  { wrong: 'a relative working directory', set: { '/process/cwd': 'tmp' } },
  { wrong: 'no program', drop: ['/process/args'] },
  { wrong: 'an empty list of arguments', set: { '/process/args': [] } },
  { wrong: 'arguments as one string', set: { '/process/args': 'sh -c true' } },
  { wrong: 'an environment variable without a value', set: { '/process/env': ['PATH'] } },
  { wrong: 'a user in quotes', set: { '/process/user/uid': '1000' } },
  { wrong: 'a user name', set: { '/process/user/uid': 'root' } },
  { wrong: 'a negative user', set: { '/process/user/uid': -1 } },
  { wrong: 'the group that means none', set: { '/process/user/additionalGids': [4294967295] } },
  { wrong: 'a limit with a typing error', set: { '/process/rlimits/0/type': 'RLIMIT_NOFLIE' } },
  { wrong: 'a limit above its ceiling', set: { '/process/rlimits/0/soft': 4096 } },
  { wrong: 'a limit beyond 64 bits', set: { '/process/rlimits/0/hard': 2n ** 64n } },
  {
    wrong: 'the same limit twice',
    set: { '/process/rlimits/1': { type: 'RLIMIT_NOFILE', soft: 1, hard: 1 } },
  },
  { wrong: 'an OOM score out of range', set: { '/process/oomScoreAdj': -2000 } },
  { wrong: 'an unknown policy', set: { '/process/scheduler': { policy: 'SCHED_FIRST' } } },
  {
    wrong: 'real time without a priority',
    set: { '/process/scheduler': { policy: 'SCHED_FIFO' } },
  },
  {
    wrong: 'a priority without real time',
    set: { '/process/scheduler': { policy: 'SCHED_OTHER', priority: 5, nice: 20 } },
  },
  {
    wrong: 'a deadline of another policy',
    set: { '/process/scheduler': { policy: 'SCHED_BATCH', deadline: 5000 } },
  },
  {
    wrong: 'a deadline that comes too early',
    set: {
      '/process/scheduler': {
        policy: 'SCHED_DEADLINE',
        runtime: 5000,
        deadline: 4000,
        period: 3000,
      },
    },
  },
  { wrong: 'an I/O class in short', set: { '/process/ioPriority': { class: 'BE', priority: 8 } } },
  { wrong: 'a CPU list backwards', set: { '/process/execCPUAffinity': { initial: '3-0' } } },
  { wrong: 'a console without a width', set: { '/process/consoleSize': { height: 25 } } },
];

const hooks: WrongConfig[] = [
  { wrong: 'a hook to be searched for', set: { '/hooks/prestart': [{ path: 'setup' }] } },
  {
    wrong: 'a hook without time',
    set: { '/hooks/poststop': [{ path: '/bin/clean', timeout: 0 }] },
  },
];

const linux: WrongConfig[] = [
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

const resources: WrongConfig[] = [
  { wrong: 'memory with a unit', set: { [`${R}/memory`]: { limit: '512m' } } },
  { wrong: 'less memory than none', set: { [`${R}/memory`]: { limit: -2 } } },
  { wrong: 'less swap than memory', set: { [`${R}/memory`]: { limit: 2000, swap: 1000 } } },
  { wrong: 'too eager to swap', set: { [`${R}/memory`]: { swappiness: 101 } } },
  { wrong: 'half a CPU', set: { [`${R}/cpu`]: { quota: 0.5 } } },
  { wrong: 'a burst above the quota', set: { [`${R}/cpu`]: { quota: 1000, burst: 2000 } } },
  { wrong: 'CPUs in words', set: { [`${R}/cpu`]: { cpus: '0 to 3' } } },
  {
    wrong: 'a huge page of no size',
    set: { [`${R}/hugepageLimits`]: [{ pageSize: '2M', limit: 1 }] },
  },
  {
    wrong: 'a device rule in words',
    set: { [`${R}/devices`]: [{ type: 'char', access: 'read' }] },
  },
  {
    wrong: 'a weight for a device that is none',
    set: { [`${R}/blockIO`]: { weightDevice: [{ major: 8, minor: 0 }] } },
  },
  { wrong: 'a weight that is too heavy', set: { [`${R}/blockIO`]: { weight: 1001 } } },
  { wrong: 'an RDMA device without a limit', set: { [`${R}/rdma`]: { mlx5: {} } } },
  { wrong: 'a file outside of the cgroup', set: { [`${R}/unified`]: { '../memory.max': '1' } } },
];

const sysctl: WrongConfig[] = [
  {
    wrong: 'a parameter of the whole host',
    set: { [`${L}/sysctl`]: { 'vm.overcommit_memory': '1' } },
  },
  { wrong: 'a parameter that is no text', set: { [`${L}/sysctl`]: { 'net.core.somaxconn': 1 } } },
  { wrong: 'a parameter that leads elsewhere', set: { [`${L}/sysctl`]: { 'net/../vm/x': '1' } } },
  {
    wrong: 'a parameter with a field of its own',
    set: { [`${L}/sysctl`]: { 'kernel.hostname': 'x' } },
  },
  {
    wrong: 'parameters without their namespaces',
    set: {
      [`${L}/namespaces`]: [{ type: 'mount' }, { type: 'uts' }],
      [`${L}/sysctl`]: {
        'net.core.somaxconn': '1',
        'kernel.shmmax': '1',
        'fs.mqueue.msg_max': '1',
      },
    },
  },
];

const seccomp: WrongConfig[] = [
  { wrong: 'an unknown action', set: { [S]: { defaultAction: 'SCMP_ACT_ERNO' } } },
  { wrong: 'a notification for everything', set: { [S]: { defaultAction: 'SCMP_ACT_NOTIFY' } } },
  {
    wrong: 'an error number with an action that has none',
    set: { [S]: { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 1 } },
  },
  {
    wrong: 'an unknown architecture',
    set: { [S]: { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['x86_64'] } },
  },
  {
    wrong: 'rules without a default, one of them for nothing',
    set: { [S]: { syscalls: [{ names: [], action: 'SCMP_ACT_ALLOW' }] } },
  },
  {
    wrong: 'a seventh argument, compared as in C',
    set: {
      [S]: {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [
          { names: ['read'], action: 'SCMP_ACT_ALLOW', args: [{ index: 6, value: 1, op: '==' }] },
        ],
      },
    },
  },
  {
    wrong: 'a notification of write that nobody reads',
    set: {
      [S]: {
        defaultAction: 'SCMP_ACT_ALLOW',
        listenerMetadata: 'x',
        syscalls: [{ names: ['mknod', 'write'], action: 'SCMP_ACT_NOTIFY' }],
      },
    },
  },
];

export const WRONG_CONFIGS: readonly WrongConfig[] = [
  ...document,
  ...mounts,
  ...process,
  ...hooks,
  ...linux,
  ...resources,
  ...sysctl,
  ...seccomp,
];
