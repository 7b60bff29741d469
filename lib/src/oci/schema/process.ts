/** config.md, "Process": also the file that `exec --process` reads. */
import { RLIMIT_TYPES } from '../process.ts';
import { IO_PRIORITY_CLASSES, SCHEDULER_FLAGS, SCHEDULER_POLICIES } from '../scheduling.ts';
import { integer, listOf, object, oneOf, text, texts, truth } from './parts.ts';
import type { Schema } from './parts.ts';

const user = object({
  uid: integer('id'),
  gid: integer('id'),
  umask: integer('uint32'),
  additionalGids: listOf(integer('id')),
});

const capabilities = object({
  bounding: texts,
  effective: texts,
  inheritable: texts,
  permitted: texts,
  ambient: texts,
});

const rlimit = object(
  { type: oneOf(RLIMIT_TYPES), soft: integer('uint64'), hard: integer('uint64') },
  ['type', 'soft', 'hard'],
);

const scheduler = object(
  {
    policy: oneOf(SCHEDULER_POLICIES),
    nice: integer('int32'),
    priority: integer('int32'),
    flags: listOf(oneOf(SCHEDULER_FLAGS)),
    runtime: integer('uint64'),
    deadline: integer('uint64'),
    period: integer('uint64'),
  },
  ['policy'],
);

const ioPriority = object({ class: oneOf(IO_PRIORITY_CLASSES), priority: integer('ioPriority') }, [
  'class',
]);

export const processSchema: Schema = object(
  {
    terminal: truth,
    consoleSize: object({ height: integer('uint32'), width: integer('uint32') }, [
      'height',
      'width',
    ]),
    user,
    args: texts,
    env: texts,
    cwd: text,
    capabilities,
    rlimits: listOf(rlimit),
    noNewPrivileges: truth,
    apparmorProfile: text,
    oomScoreAdj: integer('oomScoreAdj'),
    scheduler,
    selinuxLabel: text,
    ioPriority,
    execCPUAffinity: object({ initial: text, final: text }),
  },
  ['cwd'],
);
