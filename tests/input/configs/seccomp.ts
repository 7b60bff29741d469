/** The seccomp filter. */
import type { WrongConfig } from '../wrong-config.ts';

const S = '/linux/seccomp';

export const seccomp: readonly WrongConfig[] = [
  { wrong: 'an unknown action', set: { [S]: { defaultAction: 'SCMP_ACT_ERNO' } } },
  { wrong: 'a notification for everything', set: { [S]: { defaultAction: 'SCMP_ACT_NOTIFY' } } },
  {
    wrong: 'an error number with an action that has none',
    set: { [S]: { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: 1 } },
  },
  {
    wrong: 'an error number for a call that is allowed',
    set: {
      [S]: {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', errnoRet: 1 }],
      },
    },
  },
  {
    wrong: 'an unknown architecture',
    set: { [S]: { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['x86_64'] } },
  },
  {
    wrong: 'rules without a default, one of them for nothing',
    set: { [S]: { syscalls: [{ names: [], action: 'SCMP_ACT_ALLOW' }] } },
  },
  {
    wrong: 'a seventh argument, compared as in C',
    set: {
      [S]: {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [
          { names: ['read'], action: 'SCMP_ACT_ALLOW', args: [{ index: 6, value: 1, op: '==' }] },
        ],
      },
    },
  },
  {
    wrong: 'a notification of write that nobody reads',
    set: {
      [S]: {
        defaultAction: 'SCMP_ACT_ALLOW',
        listenerMetadata: 'x',
        syscalls: [{ names: ['mknod', 'write'], action: 'SCMP_ACT_NOTIFY' }],
      },
    },
  },
];
