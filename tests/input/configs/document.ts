/** The document itself, its root, names and annotations; mounts; hooks. */
import type { WrongConfig } from '../wrong-config.ts';

const one = { containerID: 0, hostID: 1000, size: 1 };

export const documents: readonly WrongConfig[] = [
  { wrong: 'an empty file', text: '' },
  { wrong: 'a list instead of an object', text: '[]' },
  { wrong: 'a comma too many', text: '{"ociVersion": "1.3.0",}' },
  { wrong: 'no version', drop: ['/ociVersion'] },
  { wrong: 'a version that is a number', set: { '/ociVersion': 1.3 } },
  { wrong: 'a version without a patch number', set: { '/ociVersion': '1.3' } },
  { wrong: 'a version before 1.0', set: { '/ociVersion': '0.6.0' } },
  { wrong: 'a version of the future', set: { '/ociVersion': '2.0.0' } },
  { wrong: 'no root', drop: ['/root'] },
  { wrong: 'a root without a path', drop: ['/root/path'] },
  { wrong: 'an empty root path', set: { '/root/path': '' } },
  { wrong: 'a truth in quotes', set: { '/root/readonly': 'true' } },
  { wrong: 'a host name without a UTS namespace', drop: ['/linux/namespaces/3'] },
  { wrong: 'a host name too long', set: { '/hostname': 'h'.repeat(65) } },
  { wrong: 'an annotation without a name', set: { '/annotations': { '': 'x' } } },
  { wrong: 'an annotation that is no text', set: { '/annotations': { 'a/b': { c: 1 } } } },
  { wrong: 'a NUL in an argument', set: { '/process/args': ['sh', 'a\0b'] } },
];

export const mounts: readonly WrongConfig[] = [
  { wrong: 'a mount without a destination', drop: ['/mounts/0/destination'] },
  { wrong: 'a mount onto nothing', set: { '/mounts/0/destination': '' } },
  { wrong: 'mount options as one string', set: { '/mounts/0/options': 'ro,nosuid' } },
  { wrong: 'half of an idmapped mount', set: { '/mounts/0/uidMappings': [one] } },
  {
    wrong: 'an idmapped mount without any mapping',
    set: { '/mounts/0/options': ['rbind', 'idmap'] },
  },
];

export const hooks: readonly WrongConfig[] = [
  { wrong: 'a hook to be searched for', set: { '/hooks/prestart': [{ path: 'setup' }] } },
  {
    wrong: 'a hook without time',
    set: { '/hooks/poststop': [{ path: '/bin/clean', timeout: 0 }] },
  },
];
