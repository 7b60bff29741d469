// config-linux.md, memory: each file, and the limit enforced.

import type { Case } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { value } from './value.ts';

const MEMORY = 'config-linux.md#configLinuxMemory';

const MIB = 1024 * 1024;

/** The largest number of whole pages. */
const UNLIMITED = '9223372036854771712';

export const memoryCases: Case[] = [
  value(
    MEMORY,
    'memory.limit',
    'memory',
    { 'memory/limit': 64 * MIB },
    { v1: { 'memory.limit_in_bytes': `${64 * MIB}` }, v2: { 'memory.max': `${64 * MIB}` } },
  ),
  value(
    MEMORY,
    'memory.limit of -1 is no limit',
    'memory',
    { 'memory/limit': -1 },
    {
      v1: { 'memory.limit_in_bytes': UNLIMITED },
      v2: { 'memory.max': 'max', 'memory.swap.max': 'max' },
    },
  ),
  value(
    MEMORY,
    'memory.reservation',
    'memory',
    { 'memory/reservation': 32 * MIB },
    { v1: { 'memory.soft_limit_in_bytes': `${32 * MIB}` }, v2: { 'memory.low': `${32 * MIB}` } },
  ),
  value(
    MEMORY,
    'memory.swap is the limit of memory and swap together',
    'memory',
    { memory: { limit: 64 * MIB, swap: 96 * MIB } },
    {
      v1: {
        'memory.limit_in_bytes': `${64 * MIB}`,
        'memory.memsw.limit_in_bytes': `${96 * MIB}`,
      },
      v2: { 'memory.max': `${64 * MIB}`, 'memory.swap.max': `${32 * MIB}` },
    },
  ),
  value(
    MEMORY,
    'memory.swap equal to memory.limit is no swap',
    'memory',
    { memory: { limit: 64 * MIB, swap: 64 * MIB } },
    { v1: { 'memory.memsw.limit_in_bytes': `${64 * MIB}` }, v2: { 'memory.swap.max': '0' } },
  ),
  value(
    MEMORY,
    'memory.swap of -1 is no limit of swap',
    'memory',
    { memory: { limit: 64 * MIB, swap: -1 } },
    {
      v1: { 'memory.limit_in_bytes': `${64 * MIB}`, 'memory.memsw.limit_in_bytes': UNLIMITED },
      v2: { 'memory.max': `${64 * MIB}`, 'memory.swap.max': 'max' },
    },
  ),
  value(
    MEMORY,
    'memory.kernelTCP',
    'memory',
    { 'memory/kernelTCP': 16 * MIB },
    { v1: { 'memory.kmem.tcp.limit_in_bytes': `${16 * MIB}` }, v2: 'refused' },
  ),
  value(
    MEMORY,
    'memory.swappiness',
    'memory',
    { 'memory/swappiness': 30 },
    { v1: { 'memory.swappiness': '30' }, v2: 'refused' },
  ),
  value(
    MEMORY,
    'memory.swappiness of 0',
    'memory',
    { 'memory/swappiness': 0 },
    { v1: { 'memory.swappiness': '0' }, v2: 'refused' },
  ),
  value(
    MEMORY,
    'memory.disableOOMKiller',
    'memory',
    { 'memory/disableOOMKiller': true },
    { v1: { 'memory.oom_control': /^oom_kill_disable 1$/m }, v2: 'refused' },
  ),
  {
    section: MEMORY,
    title: 'memory.limit is enforced',
    needs: controlled('memory'),
    config: { '/linux/resources/memory': { limit: 24 * MIB, swap: 24 * MIB } },
    steps: async (box) => {
      const result = await box.run('dd if=/dev/zero of=/dev/null bs=96M count=1; echo dd $?');
      box.match(result.out, /^dd 137$/m, 'how dd with a buffer of 96 MiB ended');
    },
  },
  {
    section: MEMORY,
    title: 'a swap limit below the memory limit is refused',
    needs: controlled('memory'),
    config: { '/linux/resources/memory': { limit: 64 * MIB, swap: 32 * MIB } },
    refused: true,
  },
  {
    section: MEMORY,
    title: 'a swappiness above 100 is refused',
    needs: controlled('memory'),
    config: { '/linux/resources/memory': { swappiness: 201 } },
    refused: true,
  },
];
