/**
 * Chapter 01, running: the eight namespaces as a program, then as a process.
 *
 * As root it runs the program, compares the process's namespaces with its own, joins one of them
 * by path, and keeps one without a process. Without root it says what that needs, and shows the
 * programs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import {
  appendNamespaces,
  idMapText,
  kindOf,
  NAMESPACE_KINDS,
  namespaceId,
  NamespaceError,
  NOTICE_FORKED,
  NOTICE_MAPPINGS,
  openNamespace,
  persistNamespace,
  planNamespaces,
  releaseNamespace,
  writeIdMappings,
} from 'coracle/namespaces';
import type { LinuxIdMapping, LinuxNamespace } from 'coracle/oci';
import {
  explain,
  notify,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  waitForExit,
  words,
  type ProgramProcess,
} from 'coracle/sys';

const EVERY_KIND: readonly LinuxNamespace[] = NAMESPACE_KINDS.map(({ type }) => ({ type }));
/** Root inside is user 100000 outside: nobody. */
const MAPPINGS: readonly LinuxIdMapping[] = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
const A_DAY = 86_400;
/** The chapter's own notice: the process is in its namespaces and waits. */
const NOTICE_READY = 100;

const LOOK_AROUND = [
  'echo "host name: $(hostname)"',
  'echo "process ID: $$, and my parent\'s: $PPID"',
  'echo "user: $(id -u)"',
  'echo "network devices: $(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d "\\n")"',
  'read seconds rest < /proc/uptime; echo "up for $seconds seconds"',
].join('; ');

showPlan();
if (process.getuid?.() === 0) onThisMachine();
else {
  const advice = 'The rest makes namespaces as root: sudo ./workbook run 01';
  say(styleText('yellow', `\n${advice}`));
}

function showPlan(): void {
  title('The plan: which namespaces are new, which are somebody else’s');
  const mixed: LinuxNamespace[] = [
    { type: 'uts' },
    { type: 'pid' },
    { type: 'network', path: '/proc/4711/ns/net' },
  ];
  const plan = planNamespaces(mixed);
  say('A config asks for three: a host name and processes of its own, and another’s network:');
  line(`create: ${plan.create.map(({ type }) => type).join(', ')}`);
  line(`join:   ${plan.join.map(({ kind, path: file }) => `${kind.type} at ${file}`).join(', ')}`);
  line(`must fork: ${plan.mustFork ? 'yes' : 'no'}`);
  say('The same as system calls. 10 is the joined file, 3 the socket to the parent:');
  const program = new SyscallProgram();
  appendNamespaces(program, plan, { controlFd: 3, joinFds: [10] });
  for (const text of explain(program)) line(text);
  say('All eight kinds, with users mapped and a clock that is a day ahead:');
  for (const text of explain(everyKind(3))) line(text);
}

/** All eight; then a host name, a pause in which it can be looked at, and a shell. */
function everyKind(controlFd: number): SyscallProgram {
  const program = new SyscallProgram();
  appendNamespaces(program, planNamespaces(EVERY_KIND), {
    controlFd,
    joinFds: [],
    timeOffsets: { boottime: { secs: A_DAY }, monotonic: { secs: A_DAY } },
  });
  program.call('sethostname', ['inside', 6]);
  notify(program, controlFd, NOTICE_READY);
  program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
  appendShell(program, LOOK_AROUND);
  return program;
}

function appendShell(program: SyscallProgram, script: string): void {
  const argv = words(['sh', '-c', script, null]);
  const env = words([`PATH=${process.env['PATH'] ?? '/bin'}`, null]);
  program.call('execve', ['/bin/sh', argv, env]);
}

function onThisMachine(): void {
  title('The real thing');
  const began = performance.now();
  using child = start(everyKind);
  try {
    answerUntilReady(child);
    say(`Process ${child.pid} is in eight new namespaces after ${since(began)} ms.`);
    compare(child.pid);
    showMaps(child.pid);
    joinByPath(child.pid);
    const folder = mkdtempSync('/tmp/coracle-chapter-01-');
    try {
      keep(child, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  } finally {
    child[Symbol.dispose]();
  }
  title('The end');
  say('The process has ended, and with it every namespace that nobody kept.');
}

function start(build: (controlFd: number) => SyscallProgram, keepFds: number[] = []) {
  const [control, childControl] = socketpair();
  const keepAll = [0, 1, 2, ...keepFds];
  const options = { control, childControl, keep: keepAll, name: 'chapter-01' };
  return spawnProgram(build(childControl.fd), options);
}

/** Does the parent's part: writes the maps, and follows the process to the child it becomes. */
function answerUntilReady(child: ProgramProcess): void {
  let forked: number | undefined;
  let ready = false;
  // The new process may say "ready" before the old one has told its PID.
  while (!ready || forked === undefined) {
    const notice = child.receive();
    if (notice === undefined) throw new Error('the process ended before it was ready');
    if (notice.tag === NOTICE_MAPPINGS) {
      writeIdMappings(child.pid, { uid: MAPPINGS, gid: MAPPINGS });
      child.send();
    } else if (notice.tag === NOTICE_FORKED) forked = notice.value;
    else if (notice.tag === NOTICE_READY) ready = true;
  }
  waitForExit(child.pid);
  child.pid = forked;
}

function compare(pid: number): void {
  say('A namespace is a number, the inode of a file in /proc/PID/ns. Ours and its own:');
  for (const { type } of NAMESPACE_KINDS) {
    line(`${type.padEnd(8)} ${namespaceId('self', type).padEnd(20)} ${namespaceId(pid, type)}`);
  }
}

function showMaps(pid: number): void {
  say('Users: the map that the parent has written (inside, outside, how many), and whom we see:');
  line(`written  ${idMapText(MAPPINGS).trim()}`);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, uid = ''] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
  line(`from outside it runs as user ${uid}`);
}

function joinByPath(pid: number): void {
  title('Joining by path');
  const file = `/proc/${pid}/ns/uts`;
  say(`A second program opens ${file} and enters it; the host name there is:`);
  inNamespace({ type: 'uts', path: file }, 'echo "    $(hostname)"');
  say('A network namespace is asked for at that path:');
  try {
    openNamespace(file, 'network').close();
  } catch (error) {
    if (!(error instanceof NamespaceError)) throw error;
    line(`${error.code}: ${error.message}`);
  }
}

/** Runs a script in a namespace that is opened here and entered by the child. */
function inNamespace(namespace: LinuxNamespace & { path: string }, script: string): void {
  using file = openNamespace(namespace.path, namespace.type);
  const build = (controlFd: number): SyscallProgram => {
    const program = new SyscallProgram();
    const options = { controlFd, joinFds: [file.fd] };
    appendNamespaces(program, planNamespaces([namespace]), options);
    appendShell(program, script);
    return program;
  };
  using child = start(build, [file.fd]);
  child.receive();
  child.wait();
}

/** Binds the UTS namespace to a file, lets the process end, and joins what is left. */
function keep(child: ProgramProcess, folder: string): void {
  const file = path.join(folder, kindOf('uts').file);
  persistNamespace(child.pid, 'uts', file);
  try {
    title('What the process sees, when it goes on to be a shell');
    child.send();
    child.receive();
    child.wait();
    title('A namespace without a process');
    say(`Process ${child.pid} is gone. Its host name is not: it was bound to ${file}:`);
    inNamespace({ type: 'uts', path: file }, 'echo "    $(hostname)"');
  } finally {
    releaseNamespace(file);
  }
}

function since(began: number): string {
  return (performance.now() - began).toFixed(1);
}

function title(text: string): void {
  process.stdout.write(`\n${styleText(['bold', 'cyan'], text)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function line(text: string): void {
  process.stdout.write(`${styleText('dim', `    ${text}`)}\n`);
}
