/**
 * `./workbook demo`: a busybox container from a bundle, made by coracle-runtime, narrated.
 *
 * Life cycle: a temporary folder with two layers and a bundle → its program shown → as root: the
 * layers mounted, the container run, the layers unmounted → all removed.
 * Without root it stops after the program and says what the rest needs.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import chalk from 'chalk';
import { defaultSpec, stringifyExactJson, type RuntimeConfig } from 'coracle/oci';
import { mountOverlay, planOverlay, unmount } from 'coracle/overlayfs';
import { buildContainerProgram, previewContext } from 'coracle/runtime';
import { explain } from 'coracle/sys';

const RUNTIME = path.join(import.meta.dirname, 'bin/coracle-runtime');
const ID = `demo-${process.pid}`;
const APPLETS = ['sh', 'hostname', 'id', 'ls', 'ps', 'touch', 'awk'];

/** What the container runs: it looks around and says what it sees. */
const SCRIPT = [
  '#!/bin/sh',
  'echo "my hostname is $(hostname)"',
  'echo "I am process $$, and these are all that I can see:"',
  'ps -o pid,args',
  'echo "I am $(id)"',
  'echo "my root filesystem: $(ls -x /)"',
  'echo "my mounts: $(awk \'$2 !~ "/.*/.*/" { printf "%s ", $2 }\' /proc/mounts)"',
  'echo "may I write? $(touch /file 2>&1 && echo yes)"',
  '',
].join('\n');

/** Which operations of the program are worth a look in a demo. */
const TELLING = /^\s*\d+ {2}(?:unshare|clone|sethostname|pivot_root|setresuid|capset|execve)\(/;

process.exitCode = main();

function main(): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'coracle-demo-'));
  try {
    const config = makeConfig();
    makeBundle(folder, config);
    showConfig(config);
    showProgram(config, path.join(folder, 'bundle/rootfs'));
    return process.getuid?.() === 0 ? runOnLayers(folder) : sayNeedsRoot();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The config that `coracle-runtime spec` writes, without a terminal and with our script. */
function makeConfig(): RuntimeConfig {
  const config = defaultSpec();
  if (config.process === undefined) throw new TypeError('the default config has no process');
  return {
    ...config,
    process: { ...config.process, terminal: false, args: ['/bin/look'] },
  };
}

/**
 * Two layers, busybox under many names and above it our script, and a bundle: config.json, and
 * beside it an empty root filesystem, on which the layers are mounted.
 */
function makeBundle(folder: string, config: RuntimeConfig): void {
  const bin = path.join(folder, 'busybox/bin');
  for (const directory of ['bin', 'proc', 'dev', 'sys']) {
    mkdirSync(path.join(folder, 'busybox', directory), { recursive: true });
  }
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
  if (busybox !== undefined) copyFileSync(busybox, path.join(bin, 'busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
  mkdirSync(path.join(folder, 'script/bin'), { recursive: true });
  writeFileSync(path.join(folder, 'script/bin/look'), SCRIPT, { mode: 0o755 });
  mkdirSync(path.join(folder, 'bundle/rootfs'), { recursive: true });
  writeFileSync(path.join(folder, 'bundle/config.json'), stringifyExactJson(config));
}

function showConfig(config: RuntimeConfig): void {
  title('The bundle: a root filesystem of two layers, and a config.json that asks for');
  const kinds = (config.linux?.namespaces ?? []).map(({ type }) => type);
  const destinations = (config.mounts ?? []).map(({ destination }) => destination);
  line(`hostname      ${config.hostname ?? ''}`);
  line(`namespaces    ${kinds.join(', ')}`);
  line(`mounts        ${destinations.join(' ')}`);
  line(`capabilities  ${(config.process?.capabilities?.bounding ?? []).join(', ')}`);
}

function showProgram(config: RuntimeConfig, rootfs: string): void {
  const lines = explain(buildContainerProgram(previewContext(config, rootfs)));
  title(`The container is a program of ${lines.length} system calls. Some of them:`);
  for (const text of lines.filter((each) => TELLING.test(each))) line(shorten(text));
}

function shorten(text: string): string {
  const [first = ''] = text.trim().split('\n');
  return first.length > 110 ? `${first.slice(0, 109)}…` : first;
}

/** The container's root filesystem is the two layers, mounted as one for as long as it runs. */
function runOnLayers(folder: string): number {
  const layers = ['script', 'busybox'].map((name) => path.join(folder, name));
  const rootfs = path.join(folder, 'bundle/rootfs');
  mountOverlay(planOverlay({ lower: layers }), rootfs);
  try {
    return runContainer(folder);
  } finally {
    unmount(rootfs);
  }
}

/** Its output goes where ours goes; its exit code is the demo's. */
function runContainer(folder: string): number {
  const root = path.join(folder, 'state');
  title(`coracle-runtime run --bundle ${path.join(folder, 'bundle')} ${ID}`);
  const began = performance.now();
  const args = ['--root', root, 'run', '--bundle', path.join(folder, 'bundle'), ID];
  const { status, signal, error } = spawnSync(RUNTIME, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const took = performance.now() - began;
  if (status === 0) {
    title(`Done: created, started, waited for and deleted in ${took.toFixed(0)} ms.`);
    return 0;
  }
  // A runtime that failed half-way has left a record, by which it can clean up.
  spawnSync(RUNTIME, ['--root', root, 'delete', '--force', ID], { stdio: 'ignore' });
  const why =
    error?.message ?? (signal === null ? `exit code ${String(status)}` : `killed by ${signal}`);
  process.stderr.write(`demo: the container did not run: ${why}\n`);
  return 1;
}

function sayNeedsRoot(): number {
  title('Running it needs root: sudo ./workbook demo');
  return 0;
}

function title(text: string): void {
  process.stdout.write(`\n${chalk.bold.cyan(text)}\n`);
}

function line(text: string): void {
  process.stdout.write(`    ${chalk.dim(text)}\n`);
}
