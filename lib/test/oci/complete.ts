/** A config in which every property of the specification has a value that is allowed. */
import type { RuntimeConfig } from '../../src/oci/index.ts';

/** A fresh copy each time, in which no two parts are the same object: a test may break it. */
export function completeConfig(): RuntimeConfig {
  return JSON.parse(JSON.stringify(complete)) as RuntimeConfig;
}

const everyone = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
const hook = { path: '/usr/bin/hook', args: ['hook', '-v'], env: ['A=b'], timeout: 5 };
const throttled = [{ major: 8, minor: 0, rate: 1_000_000 }];

const complete: RuntimeConfig = {
  ociVersion: '1.3.0',
  root: { path: 'rootfs', readonly: true },
  process: {
    terminal: true,
    consoleSize: { height: 25, width: 80 },
    user: { uid: 1000, gid: 1000, umask: 0o22, additionalGids: [5, 6] },
    args: ['sh', '-c', 'true'],
    env: ['PATH=/bin', 'EMPTY='],
    cwd: '/home',
    capabilities: {
      bounding: ['CAP_KILL'],
      effective: ['CAP_KILL'],
      inheritable: ['CAP_KILL'],
      permitted: ['CAP_KILL'],
      ambient: ['CAP_KILL'],
    },
    rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 4096 }],
    noNewPrivileges: true,
    apparmorProfile: 'profile',
    oomScoreAdj: 100,
    scheduler: {
      policy: 'SCHED_DEADLINE',
      nice: 0,
      priority: 0,
      flags: ['SCHED_FLAG_RESET_ON_FORK'],
      runtime: 10_000,
      deadline: 20_000,
      period: 30_000,
    },
    selinuxLabel: 'system_u:system_r:container_t:s0',
    ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 4 },
    execCPUAffinity: { initial: '0-3,7', final: '0' },
  },
  hostname: 'host',
  domainname: 'example.org',
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
    {
      destination: '/data',
      type: 'none',
      source: 'data',
      options: ['rbind', 'ridmap'],
      uidMappings: everyone,
      gidMappings: everyone,
    },
  ],
  hooks: {
    prestart: [hook],
    createRuntime: [hook],
    createContainer: [hook],
    startContainer: [hook],
    poststart: [hook],
    poststop: [hook],
  },
  annotations: { 'org.example.key': 'value', 'org.example.empty': '' },
  linux: {
    namespaces: [
      { type: 'mount' },
      { type: 'pid' },
      { type: 'network', path: '/run/netns/blue' },
      { type: 'uts' },
      { type: 'ipc' },
      { type: 'user' },
      { type: 'cgroup' },
      { type: 'time' },
    ],
    uidMappings: everyone,
    gidMappings: everyone,
    timeOffsets: { monotonic: { secs: -5, nanosecs: 1 }, boottime: { secs: 100 } },
    devices: [
      { type: 'c', path: '/dev/fuse', major: 10, minor: 229, fileMode: 0o666, uid: 0, gid: 0 },
      { type: 'p', path: '/run/fifo' },
    ],
    netDevices: { eth1: { name: 'lan%d' }, eth2: {} },
    cgroupsPath: '/group/one',
    resources: {
      devices: [
        { allow: false, access: 'rwm' },
        { allow: true, type: 'c', major: 1, minor: -1, access: 'r' },
      ],
      memory: {
        limit: 1_000_000,
        reservation: 500_000,
        swap: 2_000_000,
        kernel: -1,
        kernelTCP: -1,
        swappiness: 60,
        disableOOMKiller: false,
        useHierarchy: true,
        checkBeforeUpdate: true,
      },
      cpu: {
        shares: 1024,
        quota: 50_000,
        burst: 10_000,
        period: 100_000,
        realtimeRuntime: 950_000,
        realtimePeriod: 1_000_000,
        cpus: '0-1',
        mems: '0',
        idle: 0,
      },
      pids: { limit: 0 },
      blockIO: {
        weight: 100,
        leafWeight: 200,
        weightDevice: [{ major: 8, minor: 0, weight: 500, leafWeight: 300 }],
        throttleReadBpsDevice: throttled,
        throttleWriteBpsDevice: throttled,
        throttleReadIOPSDevice: throttled,
        throttleWriteIOPSDevice: throttled,
      },
      hugepageLimits: [{ pageSize: '2MB', limit: 4_194_304 }],
      network: { classID: 1, priorities: [{ name: 'eth0', priority: 5 }] },
      rdma: { mlx5_1: { hcaHandles: 3, hcaObjects: 10 } },
      unified: { 'memory.high': '1000000' },
    },
    intelRdt: {
      closID: 'class',
      schemata: ['L2:0=f'],
      l3CacheSchema: 'L3:0=f',
      memBwSchema: 'MB:0=20',
      enableMonitoring: true,
    },
    memoryPolicy: { mode: 'MPOL_INTERLEAVE', nodes: '0-1', flags: ['MPOL_F_STATIC_NODES'] },
    sysctl: {
      'net.core.somaxconn': '256',
      'kernel/msgmax': '65536',
      'user.max_user_namespaces': '0',
    },
    seccomp: {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      architectures: ['SCMP_ARCH_X86_64'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'about',
      syscalls: [
        { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ERRNO',
          errnoRet: 1,
          args: [{ index: 0, value: 1, valueTwo: 2, op: 'SCMP_CMP_MASKED_EQ' }],
        },
        { names: ['mknod'], action: 'SCMP_ACT_NOTIFY' },
      ],
    },
    rootfsPropagation: 'rslave',
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: ['/proc/sys'],
    mountLabel: 'system_u:object_r:container_file_t:s0',
    personality: { domain: 'LINUX32' },
  },
};
