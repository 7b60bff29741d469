// config-linux.md, what only cgroup v2 has: files by name, and a cgroup that belongs to the container.

import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Case, Mutation } from '../../harness/case.ts';
import { v2 } from '../../harness/host.ts';
import { cgroupFile, cgroupFolder } from '../../harness/observe.ts';

const UNIFIED = 'config-linux.md#configLinuxUnified';
const OWNERSHIP = 'config-linux.md#configLinuxCgroupOwnership';
const MIB = 1024 * 1024;

const unified: Case[] = [
  {
    section: UNIFIED,
    title: 'unified: files of any name are written',
    since: '1.1',
    needs: v2,
    config: {
      '/linux/resources/unified': { 'memory.high': `${48 * MIB}`, 'cgroup.max.depth': '2' },
    },
    steps: async (box) => {
      await box.created();
      box.equal(cgroupFile(box, '', 'memory.high'), `${48 * MIB}`, 'memory.high');
      box.equal(cgroupFile(box, '', 'cgroup.max.depth'), '2', 'cgroup.max.depth');
    },
  },
  {
    section: UNIFIED,
    title: 'unified has the last word over the other resources',
    since: '1.1',
    needs: v2,
    config: {
      '/linux/resources/pids': { limit: 99 },
      '/linux/resources/memory': { limit: 64 * MIB },
      '/linux/resources/unified': { 'memory.max': `${32 * MIB}`, 'pids.max': '7' },
    },
    steps: async (box) => {
      await box.created();
      const seen = ['memory.max', 'pids.max'].map((file) => cgroupFile(box, '', file));
      box.equal(seen, [`${32 * MIB}`, '7'], 'memory.max and pids.max');
    },
  },
  refused('a controller that the host does not have', { 'nothing.max': '1' }),
  refused('a file that its controller does not have', { 'pids.nothing': '1' }),
  refused('a value that the kernel does not take', { 'pids.max': 'plenty' }),
];

function refused(what: string, files: Record<string, string>): Case {
  return {
    section: UNIFIED,
    title: `unified: ${what} is refused`,
    since: '1.1',
    needs: v2,
    config: { '/linux/resources/unified': files },
    refused: true,
  };
}

/** Everything that the specification asks for before a cgroup changes its owner. */
const OWN_AND_WRITABLE: Mutation = {
  '/linux/namespaces/-': { type: 'cgroup' },
  '/mounts/-': {
    destination: '/sys/fs/cgroup',
    type: 'cgroup',
    source: 'cgroup',
    options: ['nosuid', 'noexec', 'nodev'],
  },
  '/process/user': { uid: 1234, gid: 1234 },
};

const ownership: Case[] = [
  {
    section: OWNERSHIP,
    title: "a cgroup in a namespace of its own, mounted read-write, is the program's user's",
    since: '1.1',
    needs: v2,
    config: OWN_AND_WRITABLE,
    steps: async (box) => {
      await box.created();
      const folder = cgroupFolder(box, '');
      const listed = readFileSync('/sys/kernel/cgroup/delegate', 'utf8').trim().split('\n');
      const mine = ['', ...listed.filter((name) => existsSync(`${folder}/${name}`))];
      const others = mine.filter((name) => statSync(`${folder}/${name}`).uid !== 1234);
      box.equal(others, [], 'files of /sys/kernel/cgroup/delegate with another owner');
      box.equal(statSync(`${folder}/pids.max`).uid, 0, 'owner of pids.max');
    },
  },
  {
    section: OWNERSHIP,
    title: 'its program can divide it, and cannot raise its own limits',
    since: '1.1',
    needs: v2,
    config: { ...OWN_AND_WRITABLE, '/linux/resources/pids': { limit: 20 } },
    script:
      'cd /sys/fs/cgroup; mkdir main && echo $$ > main/cgroup.procs && echo +pids > cgroup.subtree_control;' +
      ' echo 5 > main/pids.max && cat main/pids.max; (echo 30 > pids.max) 2>&1',
    prints: /^5\n.*Permission denied$/,
  },
  {
    section: OWNERSHIP,
    title: "a cgroup that is mounted read-only stays the host's",
    since: '1.1',
    needs: v2,
    config: { ...OWN_AND_WRITABLE, '/mounts/-': readOnlyCgroup() },
    steps: async (box) => {
      await box.created();
      box.equal(statSync(cgroupFolder(box, '')).uid, 0, 'owner of the cgroup');
    },
  },
  {
    section: OWNERSHIP,
    title: "a cgroup without a namespace of its own stays the host's",
    since: '1.1',
    needs: v2,
    config: { ...OWN_AND_WRITABLE, '/linux/namespaces/-': { type: 'uts' } },
    steps: async (box) => {
      box.patch({ '/linux/namespaces': ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })) });
      await box.created();
      box.equal(statSync(cgroupFolder(box, '')).uid, 0, 'owner of the cgroup');
    },
  },
];

function readOnlyCgroup(): object {
  const options = ['nosuid', 'noexec', 'nodev', 'ro'];
  return { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options };
}

const divided: Case[] = [
  {
    section: 'runc-exec(8)',
    title: 'exec works in a container that has divided its own cgroup, as systemd does',
    needs: v2,
    config: { ...OWN_AND_WRITABLE, '/process/user': { uid: 0, gid: 0 } },
    steps: async (box) => {
      await box.started(
        'cd /sys/fs/cgroup; mkdir main; echo 1 > main/cgroup.procs;' +
          ' echo +pids > cgroup.subtree_control; echo up; exec sleep 100',
      );
      await box.printed(/up/);
      const result = await box.exec('cat /proc/self/cgroup');
      box.equal(result.out.trim(), '0::/main', 'where the new process is');
    },
  },
];

export const versionTwoCases: Case[] = [...unified, ...ownership, ...divided];
