// config-linux.md, sysctl: those of a namespace, and no other.

import { readFileSync } from 'node:fs';
import type { Case } from '../../harness/case.ts';

const SYSCTL = 'config-linux.md#configLinuxSysctl';

export const sysctlCases: Case[] = [
  {
    section: SYSCTL,
    title: 'sysctl of the network namespace',
    config: { '/linux/sysctl': { 'net.ipv4.ip_forward': '1', 'net.core.somaxconn': '256' } },
    script: 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/core/somaxconn',
    prints: '1\n256',
  },
  {
    section: SYSCTL,
    title: 'sysctl of the ipc namespace',
    config: { '/linux/sysctl': { 'kernel.msgmax': '7777', 'fs.mqueue.msg_max': '9' } },
    script: 'cat /proc/sys/kernel/msgmax /proc/sys/fs/mqueue/msg_max',
    prints: '7777\n9',
  },
  {
    section: SYSCTL,
    title: 'sysctl with slashes names the same parameter',
    config: { '/linux/sysctl': { 'net/ipv4/ip_forward': '1' } },
    script: 'cat /proc/sys/net/ipv4/ip_forward',
    prints: '1',
  },
  {
    section: SYSCTL,
    title: "sysctl leaves the host's parameters alone",
    config: { '/linux/sysctl': { 'kernel.msgmax': '7777' } },
    steps: async (box) => {
      const before = readFileSync('/proc/sys/kernel/msgmax', 'utf8');
      await box.prints('cat /proc/sys/kernel/msgmax', '7777');
      box.equal(readFileSync('/proc/sys/kernel/msgmax', 'utf8'), before, "the host's value");
    },
  },
  {
    section: SYSCTL,
    title: 'a sysctl that is the whole host’s is refused',
    config: { '/linux/sysctl': { 'vm.swappiness': '60' } },
    refused: true,
  },
  {
    section: SYSCTL,
    title: 'a sysctl of a namespace that is not new is refused',
    config: {
      '/linux/namespaces': ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      '/mounts': [{ destination: '/proc', type: 'proc', source: 'proc' }],
      '/linux/sysctl': { 'net.core.somaxconn': '4096' },
    },
    refused: true,
  },
  {
    section: SYSCTL,
    title: 'a sysctl that does not exist is refused',
    config: { '/linux/sysctl': { 'net.no.such.parameter': '1' } },
    refused: true,
  },
];
