// config-linux.md, memory: each file, and the limit enforced.

import type { Case } from '../../harness/case.ts';
import { v1 } from '../../harness/host.ts';
import { value } from './value.ts';

const MEMORY = 'config-linux.md#configLinuxMemory';

const MIB = 1024 * 1024;

const UNLIMITED = /^9223372036854771712$/;

export const memoryCases: Case[] = [
  value(
    MEMORY,
    'memory.limit',
    'memory',
    { 'memory/limit': 64 * MIB },
    {
      'memory.limit_in_bytes': String(64 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.limit of -1 is no limit',
    'memory',
    { 'memory/limit': -1 },
    {
      'memory.limit_in_bytes': UNLIMITED,
    },
  ),
  value(
    MEMORY,
    'memory.reservation',
    'memory',
    { 'memory/reservation': 32 * MIB },
    {
      'memory.soft_limit_in_bytes': String(32 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.swap is the limit of memory and swap together',
    'memory',
    { memory: { limit: 64 * MIB, swap: 96 * MIB } },
    { 'memory.limit_in_bytes': String(64 * MIB), 'memory.memsw.limit_in_bytes': String(96 * MIB) },
  ),
  value(
    MEMORY,
    'memory.swap of -1 is no limit of swap',
    'memory',
    { memory: { limit: 64 * MIB, swap: -1 } },
    { 'memory.limit_in_bytes': String(64 * MIB), 'memory.memsw.limit_in_bytes': UNLIMITED },
  ),
  value(
    MEMORY,
    'memory.kernelTCP',
    'memory',
    { 'memory/kernelTCP': 16 * MIB },
    {
      'memory.kmem.tcp.limit_in_bytes': String(16 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.swappiness',
    'memory',
    { 'memory/swappiness': 30 },
    {
      'memory.swappiness': '30',
    },
  ),
  value(
    MEMORY,
    'memory.swappiness of 0',
    'memory',
    { 'memory/swappiness': 0 },
    {
      'memory.swappiness': '0',
    },
  ),
  value(
    MEMORY,
    'memory.disableOOMKiller',
    'memory',
    { 'memory/disableOOMKiller': true },
    {
      'memory.oom_control': /^oom_kill_disable 1$/m,
    },
  ),
  {
    section: MEMORY,
    title: 'memory.limit is enforced',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 24 * MIB, swap: 24 * MIB } },
    steps: async (box) => {
      const result = await box.run('dd if=/dev/zero of=/dev/null bs=96M count=1; echo dd $?');
      box.match(result.out, /^dd 137$/m, 'how dd with a buffer of 96 MiB ended');
    },
  },
  {
    section: MEMORY,
    title: 'a swap limit below the memory limit is refused',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 64 * MIB, swap: 32 * MIB } },
    refused: true,
  },
  {
    section: MEMORY,
    title: 'a swappiness above 100 is refused',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { swappiness: 201 } },
    refused: true,
  },
];
