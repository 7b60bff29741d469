// config-linux.md, devices: those asked for, the default ones, their symlinks, and who may use them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../harness/case.ts';

const DEVICES = 'config-linux.md#configLinuxDevices';
const DEFAULTS = 'config-linux.md#configLinuxDefaultDevices';
const ALLOWED = 'config-linux.md#configLinuxDeviceAllowedlist';
const SYMLINKS = 'runtime-linux.md#runtimeLinuxDevSymbolicLinks';

const FUSE = { path: '/dev/fuse', type: 'c', major: 10, minor: 229 };

const defaults: Case[] = [
  ...(
    [
      ['null', '1 3'],
      ['zero', '1 5'],
      ['full', '1 7'],
      ['random', '1 8'],
      ['urandom', '1 9'],
      ['tty', '5 0'],
    ] as const
  ).map(([name, numbers]): Case => {
    return {
      section: DEFAULTS,
      title: `/dev/${name} is the character device ${numbers.replace(' ', ':')}, for everyone`,
      script: `stat -c "%F %t %T %a" /dev/${name}`,
      prints: `character special file ${numbers} 666`,
    };
  }),
  {
    section: DEFAULTS,
    title: 'the default devices can be used when all others are denied',
    script:
      'echo x > /dev/null && echo null; head -c 2 /dev/zero | wc -c; head -c 2 /dev/urandom | wc -c;' +
      ' head -c 2 /dev/random | wc -c; echo x 2>&1 > /dev/full | grep -o "No space left"',
    prints: 'null\n2\n2\n2\nNo space left',
  },
  {
    section: DEFAULTS,
    title: '/dev/ptmx makes a pseudoterminal of the container',
    script: 'exec 3<>/dev/ptmx && ls /dev/pts',
    prints: /^0\nptmx$/,
  },
  ...(
    [
      ['fd', '/proc/self/fd'],
      ['stdin', '/proc/self/fd/0'],
      ['stdout', '/proc/self/fd/1'],
      ['stderr', '/proc/self/fd/2'],
    ] as const
  ).map(([name, target]): Case => {
    return {
      section: SYMLINKS,
      title: `/dev/${name} is a symlink to ${target}`,
      script: `readlink /dev/${name}`,
      prints: target,
    };
  }),
];

const asked: Case[] = [
  {
    section: DEVICES,
    title: 'a character device with mode and owners',
    config: { '/linux/devices': [{ ...FUSE, fileMode: 0o640, uid: 12, gid: 34 }] },
    script: 'stat -c "%F %t %T %a %u %g" /dev/fuse',
    prints: 'character special file a e5 640 12 34',
  },
  {
    section: DEVICES,
    title: 'a block device outside /dev, in a folder that is not there',
    config: {
      '/linux/devices': [{ path: '/a/b/disk', type: 'b', major: 7, minor: 0, fileMode: 0o600 }],
    },
    script: 'stat -c "%F %t %T %a" /a/b/disk',
    prints: 'block special file 7 0 600',
  },
  {
    section: DEVICES,
    title: 'a FIFO needs no numbers',
    config: { '/linux/devices': [{ path: '/dev/pipe', type: 'p', fileMode: 0o622 }] },
    script: 'stat -c "%F %a" /dev/pipe',
    prints: 'fifo 622',
  },
  {
    section: DEVICES,
    title: 'an unbuffered character device (u)',
    config: { '/linux/devices': [{ ...FUSE, type: 'u', fileMode: 0o600 }] },
    script: 'stat -c "%F %t %T" /dev/fuse',
    prints: 'character special file a e5',
  },
  {
    section: DEVICES,
    title: 'the mode is not narrowed by the umask',
    config: { '/linux/devices': [{ ...FUSE, fileMode: 0o666 }] },
    steps: async (box) => {
      box.script('stat -c %a /dev/fuse /dev/null');
      box.writeConfig();
      const via = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.equal(result.out.trim(), '666\n666', 'modes');
    },
  },
  {
    section: DEVICES,
    title: 'a file at the path that is not that device is an error',
    steps: async (box) => {
      writeFileSync(join(box.rootfs, 'disk'), 'a plain file');
      box.patch({ '/linux/devices': [{ path: '/disk', type: 'b', major: 7, minor: 0 }] });
      await box.refuses();
    },
  },
  {
    section: DEVICES,
    title: 'a device at the path with other numbers is an error',
    steps: async (box) => {
      box.hostCommand('mknod', join(box.rootfs, 'disk'), 'b', '7', '1');
      box.patch({ '/linux/devices': [{ path: '/disk', type: 'b', major: 7, minor: 0 }] });
      await box.refuses();
    },
  },
  {
    section: DEVICES,
    title: 'a device that is there already and matches is no error',
    steps: async (box) => {
      box.hostCommand('mknod', join(box.rootfs, 'disk'), 'b', '7', '0');
      box.patch({ '/linux/devices': [{ path: '/disk', type: 'b', major: 7, minor: 0 }] });
      await box.prints('stat -c "%t %T" /disk', '7 0');
    },
  },
  {
    section: DEVICES,
    title: 'a type that does not exist is refused',
    config: { '/linux/devices': [{ path: '/dev/x', type: 'x', major: 7, minor: 0 }] },
    refused: true,
  },
];

const TRY_FUSE = 'exec 2>&1; (: < /dev/fuse) && echo opened';
const DENY = { allow: false, access: 'rwm' };
const FUSE_RULE = { type: 'c', major: 10, minor: 229, access: 'rwm' };

const access: Case[] = [
  {
    section: ALLOWED,
    title: 'a device that is denied cannot be opened',
    config: { '/linux/devices': [FUSE] },
    script: TRY_FUSE,
    prints: /Operation not permitted/,
  },
  {
    section: ALLOWED,
    title: 'a device that is allowed can be opened',
    config: {
      '/linux/devices': [FUSE],
      '/linux/resources/devices': [DENY, { allow: true, ...FUSE_RULE }],
    },
    script: TRY_FUSE,
    prints: 'opened',
  },
  {
    section: ALLOWED,
    title: 'entries apply in the listed order: denied after allowed is denied',
    config: {
      '/linux/devices': [FUSE],
      '/linux/resources/devices': [
        DENY,
        { allow: true, ...FUSE_RULE },
        { allow: false, ...FUSE_RULE },
      ],
    },
    script: TRY_FUSE,
    prints: /Operation not permitted/,
  },
  {
    section: ALLOWED,
    title: 'without major and minor an entry is for all numbers',
    config: {
      '/linux/devices': [FUSE],
      '/linux/resources/devices': [DENY, { allow: true, type: 'c', access: 'rwm' }],
    },
    script: TRY_FUSE,
    prints: 'opened',
  },
  {
    section: ALLOWED,
    title: 'access is by letter: r without w',
    config: {
      '/linux/devices': [FUSE],
      '/linux/resources/devices': [DENY, { allow: true, ...FUSE_RULE, access: 'r' }],
    },
    script: `${TRY_FUSE}; (: > /dev/fuse) || true`,
    prints: /^opened\n.*Operation not permitted/,
  },
  {
    section: ALLOWED,
    title: 'm allows mknod, and no use of what it made',
    config: {
      '/linux/resources/devices': [DENY, { allow: true, type: 'b', major: 7, access: 'm' }],
    },
    script: 'mknod /tmp/disk b 7 0 && (: < /tmp/disk) 2>&1',
    prints: /Operation not permitted/,
  },
];

export const devicesCases: Case[] = [...defaults, ...asked, ...access];
