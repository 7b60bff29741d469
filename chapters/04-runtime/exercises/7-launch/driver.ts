/** Which steps the learner's function appends, told by what each of them alone appends. */
import {
  appendBoundingSet,
  appendCapabilities,
  appendExecute,
  appendNoNewPrivileges,
  appendReady,
  appendSeccomp,
  appendUser,
  appendWorkingDirectory,
  type appendLaunch,
  type LaunchOptions,
} from 'coracle/runtime';
import { explain, SyscallProgram } from 'coracle/sys';

type Process = Parameters<typeof appendLaunch>[1];

interface Learner {
  readonly appendLaunch: typeof appendLaunch;
}

export interface Input {
  readonly noNewPrivileges?: boolean;
  readonly seccomp?: 'plain' | 'notify';
  readonly waits: boolean;
  readonly createCwd: boolean;
}

const CONTROL = 3;
const PRESERVE = 2;
const ADMIN = ['CAP_SYS_ADMIN'];
const WAIT = 'accept4';

const process: Process = {
  args: ['/bin/true'],
  cwd: '/work',
  env: [],
  user: { uid: 1000, gid: 100 },
  capabilities: { bounding: ['CAP_KILL'], effective: ['CAP_KILL'], permitted: ['CAP_KILL'] },
};

/** The names of the steps, in order; what is none of them is shown as its call. */
export function steps(learner: Learner, input: Input): string[] {
  const program = new SyscallProgram();
  const { noNewPrivileges, seccomp, waits, createCwd } = input;
  const own = { ...process, ...(noNewPrivileges !== undefined && { noNewPrivileges }) };
  const filter = seccomp === undefined ? undefined : filterOf(seccomp === 'notify');
  const options: LaunchOptions = {
    controlFd: CONTROL,
    preserveFds: PRESERVE,
    createCwd,
    mayBeDenied: false,
    seccomp: filter,
    ...(waits && { waitForStart: () => void program.call(WAIT, [9, null, null, 0]) }),
  };
  learner.appendLaunch(program, own, options);
  return recognize(texts(program), known(options));
}

function filterOf(notify: boolean): NonNullable<LaunchOptions['seccomp']> {
  return { filter: Buffer.alloc(8), flags: notify ? 8 : 0, notify, unknown: [] };
}

type Step = readonly [name: string, calls: readonly string[]];

/** Every step that there is, by its calls. The longer of two that begin alike comes first. */
function known(options: LaunchOptions): Step[] {
  const made = (name: string, append: (program: SyscallProgram) => void): Step => {
    const program = new SyscallProgram();
    append(program);
    return [name, texts(program)];
  };
  const { capabilities } = process;
  const all = [
    made('appendWorkingDirectory(cwd, false)', (program) =>
      appendWorkingDirectory(program, '/work', false),
    ),
    made('appendWorkingDirectory(cwd, true)', (program) =>
      appendWorkingDirectory(program, '/work', true),
    ),
    made('appendBoundingSet', (program) => appendBoundingSet(program, capabilities)),
    made('appendUser', (program) => appendUser(program, process, { mayBeDenied: false })),
    made('appendCapabilities', (program) => appendCapabilities(program, capabilities)),
    made('appendCapabilities([CAP_SYS_ADMIN])', (program) =>
      appendCapabilities(program, capabilities, ADMIN),
    ),
    made('appendNoNewPrivileges', appendNoNewPrivileges),
    made('appendReady', (program) => void appendReady(program, CONTROL)),
    made('appendSeccomp', (program) => appendSeccomp(program, filterOf(false), CONTROL)),
    made('appendSeccomp(notify)', (program) => appendSeccomp(program, filterOf(true), CONTROL)),
    made('waitForStart', (program) => void program.call(WAIT, [9, null, null, 0])),
    made('appendExecute', (program) => {
      const before = new SyscallProgram();
      appendExecute(program, process, appendReady(before, CONTROL), options.preserveFds);
    }),
  ];
  return all.toSorted(([, a], [, b]) => b.length - a.length);
}

/** One line a call; results and jumps are numbered by position, which differs: they are left out. */
function texts(program: SyscallProgram): string[] {
  return explain(program).map((line) =>
    line
      .replace(/^\s*\d+\s+/, '')
      .replaceAll(/\$(?:\d+|\?)/g, '$')
      .replaceAll(/→\d+/g, '→'),
  );
}

function recognize(lines: readonly string[], all: readonly Step[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < lines.length;) {
    const here = all.find(([, calls]) => calls.every((call, index) => lines[at + index] === call));
    found.push(here?.[0] ?? lines[at] ?? '');
    at += here?.[1].length ?? 1;
  }
  return found;
}
