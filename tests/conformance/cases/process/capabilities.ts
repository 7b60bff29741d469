// config.md, process.capabilities: the five sets, seen through /proc.

import type { Case } from '../../harness/case.ts';

const LINUX = 'config.md#configLinuxProcess';

/** The mask /proc shows for capability numbers. */
function mask(...numbers: number[]): string {
  const bits = numbers.reduce((sum, number) => sum | (1n << BigInt(number)), 0n);
  return bits.toString(16).padStart(16, '0');
}

const CHOWN = 0;

const KILL = 5;

const SETPCAP = 8;

const NET_BIND_SERVICE = 10;

const SHOW_CAPS = 'grep ^Cap /proc/$$/status | tr "\\t" " "';

function masks(inh: string, prm: string, eff: string, bnd: string, amb: string): string {
  return `CapInh: ${inh}\nCapPrm: ${prm}\nCapEff: ${eff}\nCapBnd: ${bnd}\nCapAmb: ${amb}`;
}

export const capabilitiesCases: Case[] = [
  {
    section: LINUX,
    title: 'capabilities: each of the five sets is as asked',
    config: {
      '/process/user': { uid: 1000, gid: 1000 },
      '/process/capabilities': {
        bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETPCAP', 'CAP_NET_BIND_SERVICE'],
        permitted: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        effective: ['CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        inheritable: ['CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        ambient: ['CAP_NET_BIND_SERVICE'],
      },
    },
    // After execve by a plain user: permitted and effective are what is ambient.
    script: SHOW_CAPS,
    prints: masks(
      mask(KILL, NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
      mask(CHOWN, KILL, SETPCAP, NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
    ),
  },
  {
    section: LINUX,
    title: 'capabilities: root keeps the bounding set only',
    config: {
      '/process/capabilities': {
        bounding: ['CAP_CHOWN', 'CAP_KILL'],
        permitted: ['CAP_CHOWN', 'CAP_KILL'],
        effective: ['CAP_CHOWN', 'CAP_KILL'],
      },
    },
    script: SHOW_CAPS,
    prints: masks(mask(), mask(CHOWN, KILL), mask(CHOWN, KILL), mask(CHOWN, KILL), mask()),
  },
  {
    section: LINUX,
    title: 'capabilities: empty sets leave root with none',
    config: { '/process/capabilities': { bounding: [], permitted: [], effective: [] } },
    script: SHOW_CAPS,
    prints: masks(mask(), mask(), mask(), mask(), mask()),
  },
  {
    section: LINUX,
    title: 'capabilities: a plain user without ambient ones has none in effect',
    config: { '/process/user': { uid: 1000, gid: 1000 } },
    script: 'grep ^CapEff /proc/$$/status',
    prints: `CapEff:\t${mask()}`,
  },
  {
    section: LINUX,
    title: 'capabilities: a name the kernel does not know is a warning, not an error',
    config: { '/process/capabilities/bounding/-': 'CAP_NO_SUCH_THING' },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: LINUX,
    title: 'capabilities: one that cannot be granted is a warning, not an error',
    since: '1.1',
    needs: (host) => (host.sysResource ? 'the suite has CAP_SYS_RESOURCE here' : undefined),
    config: {
      '/process/capabilities/bounding/-': 'CAP_SYS_RESOURCE',
      '/process/capabilities/permitted/-': 'CAP_SYS_RESOURCE',
      '/process/capabilities/effective/-': 'CAP_SYS_RESOURCE',
    },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: LINUX,
    title: 'capabilities: an ambient one that is not inheritable is not raised, or refused',
    config: {
      '/process/user': { uid: 1000, gid: 1000 },
      '/process/capabilities/ambient': ['CAP_KILL'],
    },
    steps: async (box) => {
      const result = await box.run('grep ^CapAmb /proc/$$/status');
      if (result.code === 0) box.equal(result.out.trim(), `CapAmb:\t${mask()}`, 'ambient set');
    },
  },
];
