// The config.json every case starts from, and the mutations that turn it into the case's own.
// It is a plain, private container that any runtime of the last years accepts.

import type { Mutation } from './case.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The capabilities Docker gives by default, as far as the cases need them. */
const CAPABILITIES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_MKNOD',
  'CAP_AUDIT_WRITE',
];

/** A fresh copy of the default config; `cgroupsPath` is the case's own. */
export function defaultConfig(cgroupsPath: string): Json {
  return structuredClone({
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: ['/bin/sh', '-c', 'true'],
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
      cwd: '/',
      capabilities: {
        bounding: CAPABILITIES,
        effective: CAPABILITIES,
        permitted: CAPABILITIES,
      },
      noNewPrivileges: false,
    },
    root: { path: 'rootfs', readonly: false },
    mounts: defaultMounts(),
    linux: {
      cgroupsPath,
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    },
  });
}

/** Applies JSON pointers in order to `config`, in place. */
export function mutate(config: Json, mutation: Mutation): void {
  for (const [pointer, value] of Object.entries(mutation)) {
    const tokens = pointer
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = tokens.pop();
    if (last === undefined) throw new Error(`not a JSON pointer to a member: "${pointer}"`);
    assign(descend(config, tokens, last), last, structuredClone(value) as Json | undefined);
  }
}

function descend(config: Json, tokens: string[], last: string): Json {
  let here = config;
  tokens.forEach((token, index) => {
    const next = (index + 1 < tokens.length ? tokens[index + 1] : last) === '-' ? [] : {};
    const members = here as Record<string, Json>;
    here = members[token] ??= next;
  });
  return here;
}

function assign(parent: Json, key: string, value: Json | undefined): void {
  if (Array.isArray(parent) && key === '-') parent.push(value ?? null);
  else if (value === undefined) delete (parent as Record<string, Json>)[key];
  else (parent as Record<string, Json>)[key] = value;
}

function defaultMounts(): Json {
  const hardened = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc' },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
    },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: [...hardened, 'mode=1777', 'size=65536k'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: hardened },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...hardened, 'ro'] },
  ];
}
