/** config-linux.md, "Seccomp". */
import {
  SECCOMP_ACTIONS,
  SECCOMP_ARCHITECTURES,
  SECCOMP_FLAGS,
  SECCOMP_OPERATORS,
} from '../seccomp.ts';
import { integer, listOf, object, oneOf, text, texts } from './parts.ts';
import type { Schema } from './parts.ts';

const argument = object(
  {
    index: integer('syscallArgument'),
    value: integer('uint64'),
    valueTwo: integer('uint64'),
    op: oneOf(SECCOMP_OPERATORS),
  },
  ['index', 'value', 'op'],
);

const rule = object(
  {
    names: texts,
    action: oneOf(SECCOMP_ACTIONS),
    errnoRet: integer('uint16'),
    args: listOf(argument),
  },
  ['names', 'action'],
);

/** `defaultAction` may be missing here: runc takes an empty section for "no filter". */
export const seccompSchema: Schema = object({
  defaultAction: oneOf(SECCOMP_ACTIONS),
  defaultErrnoRet: integer('uint16'),
  architectures: listOf(oneOf(SECCOMP_ARCHITECTURES)),
  flags: listOf(oneOf(SECCOMP_FLAGS)),
  listenerPath: text,
  listenerMetadata: text,
  syscalls: listOf(rule),
});
