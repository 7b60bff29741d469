/** A process of the ids that the learner's function has found. */
import type { resolveUser } from 'coracle/image';
import { bytes } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  readonly resolveUser: typeof resolveUser;
}

interface Input {
  readonly user: string;
  readonly passwd: string;
  readonly group: string;
}

export function become(learner: Learner, { user, passwd, group }: Input): Outcome {
  const { uid, gid, additionalGids } = learner.resolveUser(user, passwd, group);
  return settle((program) => {
    const list = Buffer.from(Uint32Array.from(additionalGids).buffer);
    program.call('setgroups', [additionalGids.length, bytes(list)]);
    program.call('setresgid', [gid, gid, gid]);
    program.call('setresuid', [uid, uid, uid]);
  });
}
