// config-linux.md, namespaces: each kind new, by path and absent; mappings, offsets, names.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import type { Host } from '../harness/host.ts';
import { namespaceOf, status, waitUntil } from '../harness/observe.ts';

const NAMESPACES = 'config-linux.md#configLinuxNamespaces';
const MAPPINGS = 'config-linux.md#configLinuxUserNamespaceMappings';
const OFFSETS = 'config-linux.md#configLinuxTimeOffset';

/** OCI type → name under /proc/PID/ns and flag of unshare(1). */
const KINDS: [type: string, file: string, flag: string][] = [
  ['pid', 'pid', '--pid'],
  ['network', 'net', '--net'],
  ['mount', 'mnt', '--mount'],
  ['ipc', 'ipc', '--ipc'],
  ['uts', 'uts', '--uts'],
  ['cgroup', 'cgroup', '--cgroup'],
];

const DEFAULT = ['pid', 'network', 'ipc', 'uts', 'mount'];

/** The default namespaces without `type`, then `more`. */
function list(type: string, ...more: object[]): object[] {
  return [...DEFAULT.filter((one) => one !== type).map((one) => ({ type: one })), ...more];
}

/** A process of the host in a new namespace, that ends with the case; answers its pid. */
async function holder(box: Box, flag: string): Promise<number> {
  const argv = [flag, '--fork', '--kill-child', 'sh', '-c', 'echo $$; exec sleep 100'];
  const parent = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  box.undo.push(async () => {
    const gone = once(parent, 'exit');
    parent.kill('SIGKILL');
    await gone;
  });
  await once(parent.stdout, 'data');
  const { pid = 0 } = parent;
  return Number(box.hostCommand('cat', `/proc/${pid}/task/${pid}/children`).trim());
}

const kinds: Case[] = [
  ...KINDS.map(([type, file]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: without a path it is new`,
      config: { '/linux/namespaces': list(type, { type }) },
      steps: async (box) => {
        const pid = await box.created();
        box.differ(namespaceOf(pid, file), namespaceOf('self', file), `${type} namespace`);
      },
    };
  }),
  ...KINDS.filter(([type]) => type !== 'mount').map(([type, file]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: not listed, it is the runtime's`,
      config: {
        '/linux/namespaces': list(type),
        // sysfs belongs to a network namespace, mqueue to an ipc namespace that one must own.
        ...(type === 'network' ? { '/mounts': [{ destination: '/proc', type: 'proc' }] } : {}),
      },
      steps: async (box) => {
        const pid = await box.created();
        box.equal(namespaceOf(pid, file), namespaceOf('self', file), `${type} namespace`);
      },
    };
  }),
  ...KINDS.filter(([type]) => type !== 'mount').map(([type, file, flag]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: with a path it is that one`,
      steps: async (box) => {
        const other = await holder(box, flag);
        const path = `/proc/${other}/ns/${file}`;
        box.patch({ '/linux/namespaces': list(type, { type, path }) });
        const pid = await box.created();
        box.equal(namespaceOf(pid, file), namespaceOf(other, file), `${type} namespace`);
      },
    };
  }),
  {
    section: NAMESPACES,
    title: 'a path that is a namespace of another type is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/proc/1/ns/uts' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a path that does not exist is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/no/such/ns' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a path that is no namespace is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/etc/hostname' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a relative path is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: 'proc/1/ns/net' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'two namespaces of one type are refused',
    config: { '/linux/namespaces/-': { type: 'uts' } },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a type that does not exist is refused',
    config: { '/linux/namespaces/-': { type: 'weather' } },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'pid: the program is process 1 and sees no other',
    script: 'echo $$; ls /proc | grep -E "^[0-9]+$" | wc -l',
    prints: /^1\n[34]$/,
  },
  {
    section: NAMESPACES,
    title: 'network: a new one has the loopback device only',
    script: 'ls /sys/class/net | grep -v ifb',
    prints: 'lo',
  },
  {
    section: NAMESPACES,
    title: 'cgroup: a new one shows the container at the root of the tree',
    config: { '/linux/namespaces/-': { type: 'cgroup' } },
    script: 'cut -d: -f3 /proc/self/cgroup | sort -u',
    prints: '/',
  },
];

const names: Case[] = [
  {
    section: 'config.md#configHostname',
    title: 'hostname is set',
    config: { '/hostname': 'mrsdalloway' },
    script: 'hostname',
    prints: 'mrsdalloway',
  },
  {
    section: 'config.md#configDomainname',
    title: 'domainname is set',
    since: '1.1',
    config: { '/domainname': 'foobarbaz.test' },
    script: 'cat /proc/sys/kernel/domainname',
    prints: 'foobarbaz.test',
  },
  {
    section: 'config.md#configHostname',
    title: "hostname leaves the host's alone",
    config: { '/hostname': 'mrsdalloway' },
    steps: async (box) => {
      const before = box.hostCommand('hostname');
      await box.prints('hostname', 'mrsdalloway');
      box.equal(box.hostCommand('hostname'), before, "the host's name");
    },
  },
];

const MAP = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

const USER = {
  '/linux/namespaces/-': { type: 'user' },
  '/linux/uidMappings': MAP,
  '/linux/gidMappings': [{ containerID: 0, hostID: 200_000, size: 65_536 }],
};

const users: Case[] = [
  {
    section: MAPPINGS,
    title: 'user: the mappings are written',
    config: USER,
    script: 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"',
    prints: '0 100000 65536\n0 200000 65536',
  },
  {
    section: MAPPINGS,
    title: 'user: several ranges are written in their order',
    config: {
      '/linux/namespaces/-': { type: 'user' },
      '/linux/uidMappings': [...MAP, { containerID: 70_000, hostID: 300_000, size: 10 }],
      '/linux/gidMappings': [...MAP, { containerID: 70_000, hostID: 300_000, size: 10 }],
    },
    script: 'cat /proc/self/uid_map | tr -s " " | sed "s/^ //"',
    prints: '0 100000 65536\n70000 300000 10',
  },
  {
    section: MAPPINGS,
    title: 'user: root of the container is the mapped user of the host',
    config: USER,
    steps: async (box) => {
      const pid = await box.started('id -u; id -g; exec sleep 100');
      box.equal(await box.printed(/\d\n\d/), '0\n0', 'ids inside');
      box.differ(namespaceOf(pid, 'user'), namespaceOf('self', 'user'), 'user namespace');
      box.equal(status(pid, 'Uid'), '100000 100000 100000 100000', 'uid outside');
      box.equal(status(pid, 'Gid'), '200000 200000 200000 200000', 'gid outside');
    },
  },
  {
    section: MAPPINGS,
    title: 'user: process.user is an id of the container',
    config: { ...USER, '/process/user': { uid: 1000, gid: 1001, additionalGids: [5] } },
    steps: async (box) => {
      const pid = await box.started('id -u; id -G; exec sleep 100');
      box.match(await box.printed(/\d\n\d/), /^1000\n(1001 )?1001 5$|^1000\n1001 5$/, 'inside');
      box.equal(status(pid, 'Uid').split(' ')[0], '101000', 'uid outside');
      box.equal(status(pid, 'Groups'), '200005', 'groups outside');
    },
  },
  {
    section: MAPPINGS,
    title: "user: the rootfs's owners are not changed",
    config: USER,
    steps: async (box) => {
      await box.prints('stat -c %u /etc/passwd', '65534');
      box.equal(
        box.hostCommand('stat', '-c', '%u', join(box.rootfs, 'etc/passwd')),
        '0\n',
        'owner',
      );
    },
  },
  {
    section: NAMESPACES,
    title: "user: not listed, it is the runtime's",
    steps: async (box) => {
      const pid = await box.created();
      box.equal(namespaceOf(pid, 'user'), namespaceOf('self', 'user'), 'user namespace');
    },
  },
  {
    section: NAMESPACES,
    title: 'user: with a path it is that one',
    steps: async (box) => {
      const other = await holder(box, '--user');
      for (const file of ['uid_map', 'gid_map']) {
        writeFileSync(`/proc/${other}/${file}`, '0 100000 65536\n');
      }
      const path = `/proc/${other}/ns/user`;
      box.patch({ '/linux/namespaces/-': { type: 'user', path } });
      const pid = await box.created();
      box.equal(namespaceOf(pid, 'user'), namespaceOf(other, 'user'), 'user namespace');
    },
  },
  {
    section: MAPPINGS,
    title: 'user: default devices are usable',
    config: USER,
    script: 'echo x > /dev/null && head -c 1 /dev/zero | wc -c',
    prints: '1',
  },
];

function timeNamespaces(host: Host): string | undefined {
  return host.timeNamespaces ? undefined : 'the kernel has no time namespaces';
}

const time: Case[] = [
  {
    section: NAMESPACES,
    title: 'time: without a path it is new',
    since: '1.1',
    needs: timeNamespaces,
    config: { '/linux/namespaces/-': { type: 'time' } },
    steps: async (box) => {
      const pid = await box.started();
      // The program enters it by execve.
      await waitUntil(() => namespaceOf(pid, 'time') !== namespaceOf('self', 'time'), 1000);
      box.differ(namespaceOf(pid, 'time'), namespaceOf('self', 'time'), 'time namespace');
    },
  },
  {
    section: OFFSETS,
    title: 'timeOffsets shift the monotonic and the boot clock',
    since: '1.1',
    needs: timeNamespaces,
    config: {
      '/linux/namespaces/-': { type: 'time' },
      '/linux/timeOffsets': {
        monotonic: { secs: 172_800 },
        boottime: { secs: 604_800, nanosecs: 5 },
      },
    },
    script:
      'tr -s " \\t" " " < /proc/self/timens_offsets; read up rest < /proc/uptime; test ${up%.*} -gt 604800 && echo shifted',
    prints: 'monotonic 172800 0\nboottime 604800 5\nshifted',
  },
  {
    section: OFFSETS,
    title: 'a clock that has no offset is refused',
    since: '1.1',
    needs: timeNamespaces,
    config: {
      '/linux/namespaces/-': { type: 'time' },
      '/linux/timeOffsets': { realtime: { secs: 1 } },
    },
    refused: true,
  },
];

export const namespacesCases: Case[] = [...kinds, ...names, ...users, ...time];
