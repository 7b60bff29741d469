/** Control groups and kernel parameters. */
import type { WrongConfig } from '../wrong-config.ts';

const L = '/linux';
const R = '/linux/resources';

export const resources: readonly WrongConfig[] = [
  { wrong: 'memory with a unit', set: { [`${R}/memory`]: { limit: '512m' } } },
  { wrong: 'less memory than none', set: { [`${R}/memory`]: { limit: -2 } } },
  { wrong: 'less swap than memory', set: { [`${R}/memory`]: { limit: 2000, swap: 1000 } } },
  { wrong: 'too eager to swap', set: { [`${R}/memory`]: { swappiness: 101 } } },
  { wrong: 'half a CPU', set: { [`${R}/cpu`]: { quota: 0.5 } } },
  { wrong: 'a burst above the quota', set: { [`${R}/cpu`]: { quota: 1000, burst: 2000 } } },
  { wrong: 'CPUs in words', set: { [`${R}/cpu`]: { cpus: '0 to 3' } } },
  { wrong: 'memory nodes backwards', set: { [`${R}/cpu`]: { mems: '1-0' } } },
  {
    wrong: 'a priority for an interface that cannot be',
    set: { [`${R}/network`]: { priorities: [{ name: 'eth 0', priority: 1 }] } },
  },
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

export const sysctls: readonly WrongConfig[] = [
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
    wrong: 'two different domain names',
    set: { '/domainname': 'a.org', [`${L}/sysctl`]: { 'kernel.domainname': 'b.org' } },
  },
  {
    wrong: 'parameters without their namespaces',
    set: {
      [`${L}/namespaces`]: [{ type: 'mount' }, { type: 'uts' }],
      [`${L}/sysctl`]: {
        'net.core.somaxconn': '1',
        'kernel.shmmax': '1',
        'fs.mqueue.msg_max': '1',
        'user.max_net_namespaces': '0',
      },
    },
  },
];
