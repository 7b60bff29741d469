// config-linux.md: masked and read-only paths, sysctl, rootfs propagation, labels, personality,
// memory policy, Intel RDT, network devices.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import { mountAt } from '../harness/mountinfo.ts';

const MASKED = 'config-linux.md#configLinuxMaskedPaths';
const READONLY = 'config-linux.md#configLinuxReadonlyPaths';
const SYSCTL = 'config-linux.md#configLinuxSysctl';
const PROPAGATION = 'config-linux.md#configLinuxRootfsMountPropagation';
const NET_DEVICES = 'config-linux.md#configLinuxNetworkDevices';

/** Puts a file and a folder with a file into the rootfs. */
function secrets(box: Box): void {
  writeFileSync(join(box.rootfs, 'secret'), 'secret');
  mkdirSync(join(box.rootfs, 'vault'));
  writeFileSync(join(box.rootfs, 'vault/secret'), 'secret');
}

const paths: Case[] = [
  {
    section: MASKED,
    title: 'a masked file reads as nothing',
    config: { '/linux/maskedPaths': ['/secret'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('cat /secret; echo end', 'end');
    },
  },
  {
    section: MASKED,
    title: 'a masked folder is empty and cannot be written to',
    config: { '/linux/maskedPaths': ['/vault'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('ls /vault; touch /vault/x 2>&1', /^touch: .*Read-only file system$/);
    },
  },
  {
    section: MASKED,
    title: 'a masked path in /proc reads as nothing',
    config: { '/linux/maskedPaths': ['/proc/keys', '/proc/timer_list', '/proc/cpuinfo'] },
    script: 'cat /proc/cpuinfo; echo end',
    prints: 'end',
  },
  {
    section: MASKED,
    title: 'a masked path that does not exist is no error',
    config: { '/linux/maskedPaths': ['/no/such/path'] },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: MASKED,
    title: "masking leaves the host's files alone",
    config: { '/linux/maskedPaths': ['/secret', '/vault'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('cat /secret', '');
      box.equal(readFileSync(join(box.rootfs, 'secret'), 'utf8'), 'secret', 'file');
      box.equal(readFileSync(join(box.rootfs, 'vault/secret'), 'utf8'), 'secret', 'in the folder');
    },
  },
  {
    section: READONLY,
    title: 'a read-only path can be read and not written, files and folders',
    config: { '/linux/readonlyPaths': ['/secret', '/vault'] },
    steps: async (box) => {
      secrets(box);
      const script =
        'cat /secret /vault/secret; echo; for f in /secret /vault/new; do touch $f 2>&1; done';
      await box.prints(script, /^secretsecret\ntouch: .*Read-only.*\ntouch: .*Read-only/);
    },
  },
  {
    section: READONLY,
    title: 'a read-only path in /proc cannot be written',
    config: { '/linux/readonlyPaths': ['/proc/sys'] },
    script: 'echo x > /proc/sys/kernel/hostname; cat /proc/sys/kernel/ostype',
    prints: 'Linux',
  },
  {
    section: READONLY,
    title: 'a read-only path that does not exist is no error',
    config: { '/linux/readonlyPaths': ['/no/such/path'] },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: READONLY,
    title: 'a read-only path keeps the flags of the mount it is in',
    config: {
      '/mounts/0/options': ['nosuid', 'noexec', 'nodev'],
      '/linux/readonlyPaths': ['/proc/sys'],
    },
    steps: async (box) => {
      const { options } = await mountAt(box, '/proc/sys');
      const wanted = ['ro', 'nosuid', 'noexec', 'nodev'];
      box.equal(
        wanted.filter((one) => !options.includes(one)),
        [],
        'options not set',
      );
    },
  },
];

const sysctl: Case[] = [
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

const propagation: Case[] = [
  ...(
    [
      ['shared', ['shared']],
      ['private', []],
      ['unbindable', ['unbindable']],
    ] as const
  ).map(([name, tags]): Case => {
    return {
      section: PROPAGATION,
      title: `rootfsPropagation ${name}`,
      config: { '/linux/rootfsPropagation': name },
      steps: async (box) => box.equal((await mountAt(box, '/')).propagation, tags, 'of /'),
    };
  }),
  {
    section: PROPAGATION,
    title: 'rootfsPropagation slave: what the host mounts later appears in the container',
    config: { '/linux/rootfsPropagation': 'slave' },
    steps: async (box) => {
      box.hostCommand('mount', '--make-shared', '/');
      box.undo.push(() => void box.hostCommand('mount', '--make-private', '/'));
      await box.started('echo up; while ! [ -e /mnt/file ]; do sleep 0.05; done; echo seen');
      await box.printed(/up/);
      box.hostMount('-t', 'tmpfs', 'tmpfs', join(box.rootfs, 'mnt'));
      writeFileSync(join(box.rootfs, 'mnt/file'), '');
      await box.printed(/seen/);
    },
  },
  {
    section: PROPAGATION,
    title: 'without rootfsPropagation what the container mounts stays inside',
    steps: async (box) => {
      box.hostCommand('mount', '--make-shared', '/');
      box.undo.push(() => void box.hostCommand('mount', '--make-private', '/'));
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'tmpfs', source: 'tmpfs' } });
      await box.started();
      const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
      box.that(!mounts.includes(`${box.rootfs}/mnt`), 'the host does not see it', 'it does');
    },
  },
  {
    section: PROPAGATION,
    title: 'a rootfsPropagation that does not exist is refused',
    config: { '/linux/rootfsPropagation': 'sideways' },
    refused: true,
  },
];

const others: Case[] = [
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'personality LINUX32 shows a 32-bit machine',
    since: '1.1',
    config: { '/linux/personality': { domain: 'LINUX32' } },
    script: 'uname -m',
    prints: /^i[3-6]86$|^armv/,
  },
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'personality LINUX',
    since: '1.1',
    config: { '/linux/personality': { domain: 'LINUX' } },
    script: 'cat /proc/$$/personality',
    prints: '00000000',
  },
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'a personality that does not exist is refused',
    since: '1.1',
    config: { '/linux/personality': { domain: 'WINDOWS' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMountLabel',
    title: 'mountLabel is the context of the mounts',
    needs: (host) => (host.selinux ? undefined : 'the host has no SELinux'),
    config: { '/linux/mountLabel': 'system_u:object_r:container_file_t:s0:c715,c811' },
    steps: async (box) => {
      const { superOptions } = await mountAt(box, '/dev');
      box.match(superOptions.join(','), /context=.*container_file_t/, 'options of /dev');
    },
  },
  {
    section: 'config-linux.md#configLinuxIntelRdt',
    title: 'intelRdt without a resctrl filesystem is refused',
    needs: (host) => (host.resctrl ? 'the host has a resctrl filesystem' : undefined),
    config: { '/linux/intelRdt': { closID: 'guaranteed_group', l3CacheSchema: 'L3:0=7f0' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'memoryPolicy MPOL_BIND holds for the program',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND', nodes: '0' } },
    script: 'awk "{print \\$2}" /proc/$$/numa_maps | sort -u',
    prints: /^bind:0$/m,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'memoryPolicy with a flag',
    since: '1.3',
    config: {
      '/linux/memoryPolicy': {
        mode: 'MPOL_INTERLEAVE',
        nodes: '0',
        flags: ['MPOL_F_STATIC_NODES'],
      },
    },
    script: 'awk "{print \\$2}" /proc/$$/numa_maps | sort -u',
    prints: /^interleave=static:0$/m,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'a memoryPolicy that does not exist is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_NOTHING' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'a memoryPolicy flag that does not exist is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND', nodes: '0', flags: ['MPOL_F_NOTHING'] } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'MPOL_BIND without nodes is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND' } },
    refused: true,
  },
];

/** A veth pair of the host; answers the name of the end that is to be moved. */
function veth(box: Box, address?: string): string {
  const suffix = `${process.pid % 10_000}${box.runtime.name.slice(0, 2)}`;
  const [one, two] = [`cfa${suffix}`, `cfb${suffix}`];
  box.hostCommand('ip', 'link', 'add', one, 'type', 'veth', 'peer', 'name', two);
  // Deleting one end deletes both; moved into a namespace that is gone they are gone already.
  box.undo.push(() => void box.hostCommand('sh', '-c', `ip link del ${two} 2>/dev/null || true`));
  box.hostCommand('ip', 'link', 'set', two, 'up');
  if (address !== undefined) box.hostCommand('ip', 'addr', 'add', address, 'dev', one);
  return one;
}

const netDevices: Case[] = [
  {
    section: NET_DEVICES,
    title: 'a device is moved, renamed and set up',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'inside0' } } });
      await box.prints('ip link show inside0', /inside0@.*[<,]UP[,>]/);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device keeps its name when none is given, and leaves the host',
    since: '1.3',
    steps: async (box) => {
      const name = veth(box);
      box.patch({ '/linux/netDevices': { [name]: {} } });
      await box.started();
      const inside = await box.exec('ls /sys/class/net');
      box.match(inside.out, new RegExp(`^${name}$`, 'm'), 'devices inside');
      const outside = box.hostCommand('ls', '/sys/class/net');
      box.that(!outside.split('\n').includes(name), 'it is no longer outside', outside);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device keeps its permanent global addresses',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box, '10.213.7.1/24')]: { name: 'inside0' } } });
      await box.prints('ip -4 addr show inside0', /inet 10\.213\.7\.1\/24/);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a name template gets a free number',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'tpl%d' } } });
      await box.prints('ls /sys/class/net', /^tpl0$/m);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a name that is taken in the container is an error',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'lo' } } });
      await box.refuses();
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device that the host does not have is an error',
    since: '1.3',
    config: { '/linux/netDevices': { nosuchdev0: {} } },
    refused: true,
  },
];

export const protectionCases: Case[] = [
  ...paths,
  ...sysctl,
  ...propagation,
  ...others,
  ...netDevices,
];
