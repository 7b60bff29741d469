// config.md, root and mounts: the root filesystem, bind mounts, filesystems, order, destinations.

import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import { mountAt } from '../harness/mountinfo.ts';

const ROOT = 'config.md#configRoot';
const MOUNTS = 'config.md#configMounts';
const LINUX_OPTIONS = 'config.md#configLinuxMountOptions';

/** A folder beside the bundle with a file `hello` in it. */
function sourceFolder(box: Box): string {
  const folder = join(box.dir, 'source');
  mkdirSync(folder);
  writeFileSync(join(folder, 'hello'), 'hello\n');
  return folder;
}

function bind(source: string, destination: string, ...options: string[]): object {
  return { source, destination, type: 'none', options: ['bind', ...options] };
}

function tmpfs(destination: string, ...options: string[]): object {
  return { source: 'tmpfs', destination, type: 'tmpfs', options };
}

const root: Case[] = [
  {
    section: ROOT,
    title: 'root.readonly makes the root filesystem read-only',
    config: { '/root/readonly': true },
    script: 'touch /etc/x 2>&1; mkdir /y 2>&1',
    prints: /^touch: .*Read-only file system\nmkdir: .*Read-only file system$/,
  },
  {
    section: ROOT,
    title: 'root.readonly leaves mounts writable',
    config: { '/root/readonly': true, '/mounts/-': tmpfs('/tmp') },
    script: 'touch /tmp/x && echo written',
    prints: 'written',
  },
  {
    section: ROOT,
    title: 'root.readonly defaults to false',
    config: { '/root/readonly': undefined },
    steps: async (box) => {
      await box.prints('echo kept > /x; cat /x', 'kept');
      box.that(existsSync(join(box.rootfs, 'x')), 'it was written to the rootfs', 'absent');
    },
  },
  {
    section: ROOT,
    title: "root.readonly leaves the host's rootfs folder writable",
    config: { '/root/readonly': true },
    steps: async (box) => {
      await box.started();
      writeFileSync(join(box.rootfs, 'later'), '');
    },
  },
  {
    section: ROOT,
    title: 'the host root is not reachable from inside',
    script:
      'ls -d /../../../bin/busybox; readlink /proc/1/root; ls /work /lib/systemd 2>/dev/null; true',
    prints: '/../../../bin/busybox\n/',
  },
  {
    section: ROOT,
    title: 'the old root is not left in the mount table',
    steps: async (box) => {
      const result = await box.run('cat /proc/self/mountinfo');
      const destinations = result.out.split('\n').map((line) => line.split(' ')[4] ?? '');
      const strange = destinations.filter((path) => !/^(\/|\/(proc|dev|sys)(\/.*)?|)$/.test(path));
      box.equal(strange, [], 'mounts that the config does not ask for');
    },
  },
];

const binds: Case[] = [
  {
    section: MOUNTS,
    title: 'bind: a folder of the host appears and is writable',
    steps: async (box) => {
      const source = sourceFolder(box);
      box.patch({ '/mounts/-': bind(source, '/mnt') });
      await box.prints('cat /mnt/hello; touch /mnt/new', 'hello');
      box.that(existsSync(join(source, 'new')), 'the file was made on the host', 'absent');
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a single file',
    config: (box) => ({ '/mounts/-': bind(join(sourceFolder(box), 'hello'), '/etc/passwd') }),
    script: 'cat /etc/passwd',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'bind: a source may be relative to the bundle',
    steps: async (box) => {
      mkdirSync(join(box.bundle, 'data'));
      writeFileSync(join(box.bundle, 'data/hello'), 'hello');
      box.patch({ '/mounts/-': bind('data', '/mnt') });
      await box.prints('cat /mnt/hello', 'hello');
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a source that does not exist is an error',
    config: (box) => ({ '/mounts/-': bind(join(box.dir, 'absent'), '/mnt') }),
    refused: true,
  },
  {
    section: MOUNTS,
    title: 'bind: a missing destination folder is made',
    config: (box) => ({ '/mounts/-': bind(sourceFolder(box), '/a/new/folder') }),
    script: 'cat /a/new/folder/hello',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'bind: a missing destination file is made',
    config: (box) => ({ '/mounts/-': bind(join(sourceFolder(box), 'hello'), '/a/new/file') }),
    script: 'cat /a/new/file',
    prints: 'hello',
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind takes no mounts below the source along',
    config: (box) => ({ '/mounts/-': bind(nestedSource(box), '/mnt') }),
    script: 'ls /mnt/below',
    prints: '',
  },
  {
    section: LINUX_OPTIONS,
    title: 'rbind takes the mounts below the source along',
    config: (box) => ({
      '/mounts/-': { source: nestedSource(box), destination: '/mnt', options: ['rbind'] },
    }),
    script: 'ls /mnt/below',
    prints: 'deep',
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind with ro is read-only, the source stays writable',
    steps: async (box) => {
      const source = sourceFolder(box);
      box.patch({ '/mounts/-': bind(source, '/mnt', 'ro') });
      await box.prints('touch /mnt/x 2>&1', /Read-only file system/);
      writeFileSync(join(source, 'x'), '');
    },
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind with nosuid, nodev and noexec',
    steps: async (box) => {
      box.patch({ '/mounts/-': bind(sourceFolder(box), '/mnt', 'nosuid', 'nodev', 'noexec') });
      const { options } = await mountAt(box, '/mnt');
      const wanted = ['nosuid', 'nodev', 'noexec'];
      box.equal(
        wanted.filter((option) => !options.includes(option)),
        [],
        'options not set',
      );
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a symlink as source is followed',
    steps: async (box) => {
      symlinkSync(sourceFolder(box), join(box.dir, 'link'));
      box.patch({ '/mounts/-': bind(join(box.dir, 'link'), '/mnt') });
      await box.prints('cat /mnt/hello', 'hello');
    },
  },
];

/** A folder with a tmpfs mounted at `below` that holds the file `deep`. */
export function nestedSource(box: Box): string {
  const folder = sourceFolder(box);
  box.hostMount('-t', 'tmpfs', 'tmpfs', join(folder, 'below'));
  writeFileSync(join(folder, 'below/deep'), '');
  return folder;
}

const order: Case[] = [
  {
    section: MOUNTS,
    title: 'mounts happen in the listed order: a later one lies on an earlier one',
    config: (box) => ({
      '/mounts/-': tmpfs('/mnt'),
      '/mounts/6': tmpfs('/mnt'),
      '/mounts/7': bind(sourceFolder(box), '/mnt/inner'),
    }),
    script: 'cat /mnt/inner/hello',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'mounts happen in the listed order: a later one hides an earlier one below it',
    config: (box) => ({
      '/mounts/6': bind(sourceFolder(box), '/mnt/inner'),
      '/mounts/7': tmpfs('/mnt'),
    }),
    script: 'ls /mnt; echo end',
    prints: 'end',
  },
  {
    section: MOUNTS,
    title: 'a relative destination is relative to /',
    config: { '/process/cwd': '/etc', '/mounts/-': tmpfs('relative/place') },
    steps: async (box) => box.equal((await mountAt(box, '/relative/place')).type, 'tmpfs', 'type'),
  },
  {
    section: MOUNTS,
    title: 'a destination that is an absolute symlink is resolved inside the container',
    steps: async (box) => {
      const outside = join(box.dir, 'outside');
      mkdirSync(outside);
      mkdirSync(join(box.rootfs, outside), { recursive: true });
      symlinkSync(outside, join(box.rootfs, 'link'));
      box.patch({ '/mounts/-': tmpfs('/link/place') });
      box.equal((await mountAt(box, join(outside, 'place'))).type, 'tmpfs', 'type');
      box.that(!existsSync(join(outside, 'place')), 'nothing was made on the host', 'place exists');
    },
  },
  {
    section: MOUNTS,
    title: 'a destination with ".." stays inside the container',
    steps: async (box) => {
      symlinkSync('../../../../..', join(box.rootfs, 'up'));
      box.patch({ '/mounts/-': tmpfs('/up/conformance-place') });
      box.equal((await mountAt(box, '/conformance-place')).type, 'tmpfs', 'type');
      box.that(!existsSync('/conformance-place'), 'nothing was made on the host', 'it exists');
    },
  },
  {
    section: MOUNTS,
    title: 'a mount without a destination is refused',
    config: { '/mounts/-': { type: 'tmpfs', source: 'tmpfs' } },
    refused: true,
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'a filesystem the kernel does not know is refused',
    config: { '/mounts/-': { destination: '/mnt', type: 'no-such-filesystem', source: 'none' } },
    refused: true,
  },
];

const filesystems: Case[] = [
  {
    section: LINUX_OPTIONS,
    title: 'options that are not in the list go to the filesystem',
    config: { '/mounts/-': tmpfs('/mnt', 'size=1m', 'nr_inodes=100') },
    script: 'df -k /mnt | awk "NR==2 {print \\$2}"; stat -f -c %c /mnt',
    prints: '1024\n100',
  },
  {
    section: LINUX_OPTIONS,
    title: 'the mode option of a tmpfs holds, whatever the folder had',
    config: { '/mounts/-': tmpfs('/mnt', 'mode=750') },
    script: 'stat -c %a /mnt',
    prints: '750',
  },
  {
    section: LINUX_OPTIONS,
    title: 'an option that the filesystem refuses is an error',
    config: { '/mounts/-': tmpfs('/mnt', 'no-such-option=1') },
    refused: true,
  },
  {
    section: LINUX_OPTIONS,
    title: 'tmpcopyup copies what the rootfs has at the destination',
    steps: async (box) => {
      mkdirSync(join(box.rootfs, 'data/sub'), { recursive: true });
      writeFileSync(join(box.rootfs, 'data/sub/file'), 'copied', { mode: 0o640 });
      box.patch({ '/mounts/-': tmpfs('/data', 'tmpcopyup') });
      await box.prints(
        'cat /data/sub/file; echo; stat -c %a /data/sub/file; echo x > /data/sub/file',
        'copied\n640',
      );
      box.equal(statSync(join(box.rootfs, 'data/sub/file')).size, 6, 'size in the rootfs');
    },
  },
  {
    section: 'config-linux.md#configLinuxDefaultFilesystems',
    title: 'proc, sysfs, devpts, tmpfs and mqueue are what they say',
    script:
      'for d in /proc /sys /dev/pts /dev/shm /dev/mqueue; do awk -v d=$d "\\$2==d {t=\\$3} END {print t}" /proc/mounts; done',
    prints: 'proc\nsysfs\ndevpts\ntmpfs\nmqueue',
  },
  {
    section: 'config-linux.md#configLinuxDefaultFilesystems',
    title: 'without mounts the container has its root filesystem only',
    config: { '/mounts': undefined },
    script: 'ls /proc; cat /etc/passwd',
    prints: /root:x:0:0/,
  },
  {
    section: LINUX_OPTIONS,
    title: 'remount changes the options of a mount that is there',
    config: {
      '/mounts/6': tmpfs('/mnt', 'rw'),
      '/mounts/7': tmpfs('/mnt', 'remount', 'ro', 'noexec'),
    },
    steps: async (box) => {
      const { options } = await mountAt(box, '/mnt');
      box.equal(
        ['ro', 'noexec'].filter((one) => !options.includes(one)),
        [],
        'options not set',
      );
    },
  },
];

const idmapped: Case[] = [
  {
    section: 'config.md#configPOSIXMounts',
    title: 'idmap: owners appear shifted by uidMappings and gidMappings',
    since: '1.2',
    config: (box) => ({
      '/mounts/-': {
        ...bind(sourceFolder(box), '/mnt', 'idmap'),
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 2000, size: 10 }],
      },
    }),
    script: 'stat -c "%u %g" /mnt/hello',
    prints: '1000 2000',
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'ridmap reaches the mounts below, idmap does not',
    since: '1.2',
    steps: async (box) => {
      const mappings = {
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
      };
      const source = nestedSource(box);
      const mount = { source, type: 'none', ...mappings };
      box.patch({
        '/mounts/6': { ...mount, destination: '/one', options: ['rbind', 'idmap'] },
        '/mounts/7': { ...mount, destination: '/all', options: ['rbind', 'ridmap'] },
      });
      await box.prints('stat -c %u /one/below/deep /all/below/deep', '0\n1000');
    },
  },
  {
    section: LINUX_OPTIONS,
    title: 'idmap without mappings and without a user namespace is refused',
    since: '1.2',
    config: (box) => ({ '/mounts/-': bind(sourceFolder(box), '/mnt', 'idmap') }),
    refused: true,
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'uidMappings without gidMappings are refused',
    since: '1.2',
    config: (box) => ({
      '/mounts/-': {
        ...bind(sourceFolder(box), '/mnt', 'idmap'),
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
      },
    }),
    refused: true,
  },
];

export const mountsCases: Case[] = [...root, ...binds, ...order, ...filesystems, ...idmapped];
