/**
 * Chapter 04, running: a config becomes a program, the program a container, through its life.
 *
 * As root it makes a bundle of busybox and creates, starts, execs, and deletes. Without root it
 * says what that needs, and shows the program.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { NAMESPACE_KINDS } from 'coracle/namespaces';
import { defaultSpec, stringifyExactJson, type Process, type RuntimeConfig } from 'coracle/oci';
import { buildContainerProgram, previewContext, Runtime, RuntimeError } from 'coracle/runtime';
import { explain, SIGKILL, waitForExit } from 'coracle/sys';

const ID = `chapter-04-${process.pid}`;
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
const APPLETS = ['sh', 'sleep', 'hostname', 'id', 'ps', 'grep'];
/** `created` → `running`; then it stays until it is killed. */
const PROGRAM = 'echo "    process $$ on host $(hostname) says hello"; exec sleep 1000';

const folder = mkdtempSync('/tmp/coracle-chapter-04-');
try {
  const config = makeConfig();
  const bundle = makeBundle(config);
  showProgram(config, path.join(bundle, 'rootfs'));
  if (process.getuid?.() !== 0) {
    needs('The rest makes a container as root: sudo ./workbook run 04');
  } else if (BUSYBOX === undefined) {
    needs('The rest needs a busybox: apt-get install busybox-static');
  } else onThisMachine(bundle, config);
} finally {
  rmSync(folder, { recursive: true });
}

/** What `coracle-runtime spec` writes, without a terminal and with our program. */
function makeConfig(): RuntimeConfig {
  return { ...defaultSpec(), process: makeProcess(PROGRAM), hostname: 'chapter-four' };
}

function makeProcess(script: string): Process {
  const { process: standard } = defaultSpec();
  if (standard === undefined) throw new TypeError('the default config has no process');
  return { ...standard, terminal: false, args: ['sh', '-c', script] };
}

function makeBundle(config: RuntimeConfig): string {
  const bundle = path.join(folder, 'bundle');
  const bin = path.join(bundle, 'rootfs/bin');
  mkdirSync(bin, { recursive: true });
  if (BUSYBOX !== undefined) copyFileSync(BUSYBOX, path.join(bin, 'busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
  writeFileSync(path.join(bundle, 'config.json'), stringifyExactJson(config));
  return bundle;
}

function showProgram(config: RuntimeConfig, rootfs: string): void {
  const lines = explain(buildContainerProgram(previewContext(config, rootfs)));
  title(`The config as a program: ${lines.length} system calls`);
  say('Every call knows the part of config.json it comes from. How many each part needs:');
  for (const [source, count] of countSources(lines))
    line(`${String(count).padStart(4)}  ${source}`);
  say('The ones that make it a container:');
  for (const text of lines.filter((each) => isTelling(each))) line(shorten(text));
  say('One mount, whole: open the target inside the root, make the filesystem, attach it:');
  for (const text of lines.filter((each) => each.includes('# /mounts/0'))) line(shorten(text));
}

/** The first two parts of each source: `/linux/maskedPaths/3` counts for `/linux/maskedPaths`. */
function countSources(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of lines) {
    const [, pointer] = text.split('   # ');
    const source = pointer === undefined ? '(always)' : pointer.replace(/\/\d+.*$/, '');
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return counts;
}

function isTelling(text: string): boolean {
  return /^\s*\d+ {2}(?:close_range|unshare|clone|sethostname|pivot_root|umount2|setresuid|capset|accept4|execve)\(/.test(
    text,
  );
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function onThisMachine(bundle: string, config: RuntimeConfig): void {
  const runtime = new Runtime({ root: path.join(folder, 'state'), onWarning: say });
  try {
    const pid = create(runtime, bundle);
    start(runtime, pid);
    exec(runtime);
    refuse(runtime, bundle);
    stop(runtime, pid);
    failWithPointer(runtime, bundle, config);
  } finally {
    runtime.delete(ID, { force: true });
  }
  title('The end');
  say('The container, its cgroup, its state and the bundle are gone.');
}

function create(runtime: Runtime, bundle: string): number {
  title('create: everything but the program');
  const began = performance.now();
  const { pid } = runtime.create({ id: ID, bundle });
  say(`Process ${pid} waits, ${(performance.now() - began).toFixed(1)} ms later. The state:`);
  const { ociVersion, status } = runtime.state(ID);
  line(JSON.stringify({ ociVersion, id: ID, status, pid }));
  const inside = NAMESPACE_KINDS.filter(
    ({ file }) => readlinkSync(`/proc/${pid}/ns/${file}`) !== readlinkSync(`/proc/self/ns/${file}`),
  );
  line(`it runs ${readlinkSync(`/proc/${pid}/exe`)}`);
  line(`namespaces of its own: ${inside.map(({ type }) => type).join(', ')}`);
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trimEnd().split('\n');
  line(`it sees ${mounts.length} mounts`);
  return pid;
}

function start(runtime: Runtime, pid: number): void {
  title('start: the same process goes on to execve');
  const began = performance.now();
  runtime.start(ID);
  say(`After ${(performance.now() - began).toFixed(1)} ms it is ${runtime.state(ID).status}:`);
  waitUntil(() => readlinkSync(`/proc/${pid}/exe`).endsWith('/busybox'));
  waitUntil(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep'));
  line(`it runs ${readlinkSync(`/proc/${pid}/exe`)}, still as process ${pid}`);
}

function exec(runtime: Runtime): void {
  title('exec: a second process in the same namespaces');
  const script = 'echo "    I am process $$; process 1 is $(ps -o comm,pid | grep " 1$")"';
  const { pid } = runtime.exec({ id: ID, process: makeProcess(script) });
  waitForExit(pid);
}

/** runtime.md names what each operation may be called on; the rest is an error. */
function refuse(runtime: Runtime, bundle: string): void {
  title('Operations in the wrong state');
  attempt('create, again', () => runtime.create({ id: ID, bundle }));
  attempt('start, again', () => runtime.start(ID));
  attempt('delete', () => runtime.delete(ID));
}

function stop(runtime: Runtime, pid: number): void {
  title('kill and delete');
  runtime.kill(ID, SIGKILL);
  waitForExit(pid);
  say(`Killed, it is ${runtime.state(ID).status}; its record and cgroup are still there.`);
  attempt('start', () => runtime.start(ID));
  runtime.delete(ID);
  attempt('state, after delete', () => runtime.state(ID));
}

function failWithPointer(runtime: Runtime, bundle: string, config: RuntimeConfig): void {
  title('A system call that fails names its line in config.json');
  const mounts = [...(config.mounts ?? []), { destination: '/x', type: 'nofs', source: 'none' }];
  const broken = { ...config, mounts };
  writeFileSync(path.join(bundle, 'config.json'), stringifyExactJson(broken));
  attempt('create', () => runtime.create({ id: ID, bundle }));
}

function attempt(what: string, operation: () => unknown): void {
  try {
    operation();
    line(`${what}: done`);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    line(`${what}: ${error.code}: ${error.message}`);
  }
}

/** Looks again and again, for at most half a minute: an emulated machine takes its time. */
function waitUntil(condition: () => boolean): void {
  const end = performance.now() + 30_000;
  while (!condition() && performance.now() < end);
}

function needs(advice: string): void {
  say(styleText('yellow', `\n${advice}`));
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
