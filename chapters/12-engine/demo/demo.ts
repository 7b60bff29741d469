/**
 * `./workbook demo`: an image, from a registry to a container, narrated.
 *
 *     made and served ─▶ coracle pull ─▶ a snapshot, mounted ─▶ config.json ─▶ coracle-runtime run
 *
 * All of it is in a temporary folder, and is removed. Without root nothing is unpacked or run: it
 * stops when it has shown the program of system calls, and says what the rest needs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chainIds, imageSpec, readImage, type ReadImage } from 'coracle/image';
import { stringifyExactJson, type RuntimeConfig } from 'coracle/oci';
import { mountSnapshot, unmountAll, type SnapshotMount, type Snapshotter } from 'coracle/overlayfs';
import { buildContainerProgram, previewContext } from 'coracle/runtime';
import { explain } from 'coracle/sys';
import { execa } from 'execa';
import { Engine } from '../src/cli/engine.ts';
import { serveImage } from './image.ts';
import { line, title } from './print.ts';

const BIN = path.resolve(import.meta.dirname, '../bin');
const ID = `demo-${process.pid}`;

/** Which operations of the program are worth a look in a demo. */
const TELLING = /^\s*\d+ {2}(?:unshare|clone|sethostname|pivot_root|setresuid|capset|execve)\(/;

/** A signal ends what runs just now, and all is removed as at the end. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());

const folder = mkdtempSync(path.join(tmpdir(), 'coracle-demo-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  await using served = await serveImage(folder);
  if (!(await pull(served.name))) return 1;
  using engine = new Engine(path.join(folder, 'engine'));
  const { content } = engine;
  const image = readImage(content, content.images.get(served.name).target);
  const bundle = path.join(folder, 'bundle');
  mkdirSync(path.join(bundle, 'rootfs'), { recursive: true });
  if (process.getuid?.() === 0) return await runImage(image, await engine.snapshotter(), bundle);
  makeConfig(image, bundle);
  title('Running it needs root: sudo ./workbook demo');
  return 0;
}

/** As a user would, but with none of the user's logins. */
function pull(name: string): Promise<boolean> {
  return run('coracle', ['--root', path.join(folder, 'engine'), 'pull', name]);
}

/** The container stands on the image's layers, with one of its own above them. */
async function runImage(
  image: ReadImage,
  snapshotter: Snapshotter,
  bundle: string,
): Promise<number> {
  const mounts = await snapshotter.prepare(ID, chainIds(image.config.rootfs.diff_ids).at(-1));
  showMounts(mounts);
  const rootfs = path.join(bundle, 'rootfs');
  mountSnapshot(mounts, rootfs);
  try {
    makeConfig(image, bundle);
    if (!(await runContainer(bundle))) return 1;
    title('What it changed is in its own layer:');
    for (const { kind, path: file } of snapshotter.changes(ID)) line(`${kind}  ${file}`);
    return 0;
  } finally {
    unmountAll(rootfs);
  }
}

function showMounts(mounts: readonly SnapshotMount[]): void {
  title('Its layers, unpacked, and above them an empty one for the container:');
  for (const { type, options } of mounts) {
    line(`mount -t ${type} in ${folder}, with`);
    for (const option of options) line(`  ${option.replaceAll(`${folder}/`, '')}`);
  }
}

/** The image's config becomes the container's, and that a program of system calls. */
function makeConfig(image: ReadImage, bundle: string): void {
  const rootfs = path.join(bundle, 'rootfs');
  const config = imageSpec(image.config, rootfs, { hostname: 'coracle' });
  writeFileSync(path.join(bundle, 'config.json'), stringifyExactJson(config));
  showConfig(config);
  const lines = explain(buildContainerProgram(previewContext(config, rootfs)));
  title(`The container is a program of ${lines.length} system calls. Some of them:`);
  for (const text of lines.filter((each) => TELLING.test(each))) line(shorten(text));
}

function showConfig({ hostname = '', linux, mounts = [], process: plan }: RuntimeConfig): void {
  title('The bundle: that root filesystem, and a config.json, which asks for');
  line(`process       ${(plan?.args ?? []).join(' ')}, in ${plan?.cwd ?? ''}`);
  line(`hostname      ${hostname}`);
  line(`namespaces    ${(linux?.namespaces ?? []).map(({ type }) => type).join(', ')}`);
  line(`mounts        ${mounts.map(({ destination }) => destination).join(' ')}`);
  line(`capabilities  ${(plan?.capabilities?.bounding ?? []).join(', ')}`);
}

async function runContainer(bundle: string): Promise<boolean> {
  const state = ['--root', path.join(folder, 'state')];
  const began = performance.now();
  if (await run('coracle-runtime', [...state, 'run', '--bundle', bundle, ID])) {
    const took = performance.now() - began;
    title(`Done: created, started, waited for and deleted in ${took.toFixed(0)} ms.`);
    return true;
  }
  // A runtime that failed half-way has left a record, by which it can clean up.
  const args = [...state, 'delete', '--force', ID];
  await execa(path.join(BIN, 'coracle-runtime'), args, { reject: false });
  return false;
}

/** Runs one of the engine's programs; its output goes where ours goes. */
async function run(program: string, args: readonly string[]): Promise<boolean> {
  title([program, ...args].join(' '));
  const { failed, shortMessage } = await execa(path.join(BIN, program), args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { DOCKER_CONFIG: folder },
    cancelSignal: stop.signal,
    reject: false,
  });
  if (failed) process.stderr.write(`demo: ${shortMessage ?? `${program} failed`}\n`);
  return !failed;
}

function shorten(text: string): string {
  const [first = ''] = text.trim().split('\n');
  return first.length > 110 ? `${first.slice(0, 109)}…` : first;
}
