/**
 * Chapter 03, running: layers as data, then one directory made of them.
 *
 * As root it builds three layers, mounts them, changes what they show, and reads the changes back.
 * Without root it says what it needs, and shows every option it would pass.
 */
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import {
  appendOverlay,
  createSnapshotter,
  listNames,
  mountOverlay,
  mountSnapshot,
  ociEntries,
  OverlayError,
  overlayChanges,
  overlayDriver,
  planOverlay,
  unmount,
  unmountAll,
  type OverlaySpec,
  type Snapshotter,
} from 'coracle/overlayfs';
import { explain, lgetxattr, llistxattr, SyscallProgram } from 'coracle/sys';

showPlan();
showManyLayers();
if (process.getuid?.() === 0) await onThisMachine();
else {
  const advice = 'The rest mounts, which needs root: sudo ./workbook run 03';
  say(styleText('yellow', advice));
}

function showPlan(): void {
  title('The plan: an overlay is a list of directories');
  const spec = {
    lower: ['/layers/app', '/layers/tools', '/layers/base'],
    upper: '/container/upper',
    work: '/container/work',
  };
  const plan = planOverlay(spec);
  say('One string for mount(2), the topmost layer first:');
  line(plan.classic.options);
  say('The same for fsconfig(2), as operations of a container’s program (Linux 6.7):');
  const program = new SyscallProgram();
  appendOverlay(program, plan);
  for (const text of explain(program)) line(text);
  say('A comma, a colon and a backslash in a path would end it early, so they are escaped:');
  line(planOverlay({ ...spec, lower: ['/odd, path:1'] }).classic.options);
}

function showManyLayers(): void {
  title('mount(2) reads one page: 4096 bytes');
  const snapshots = '/var/lib/coracle/snapshots/layers';
  const digest = '/layers/sha256-0123456789abcdef0123456789abcdef';
  showForm(40, (index) => `${snapshots}/${index}/fs`);
  showForm(200, (index) => `${snapshots}/${index}/fs`);
  showForm(200, (index) => `${digest}-${index}/fs`);
}

function showForm(count: number, nameOf: (index: number) => string): void {
  const lower = Array.from({ length: count }, (_, index) => nameOf(index));
  const { classic } = planOverlay({ lower, upper: '/c/upper', work: '/c/work' });
  const { options, cwd, links } = classic;
  const from = links === undefined ? (cwd ?? 'anywhere') : `a directory of ${links.length} links`;
  say(`${count} layers in ${options.length} bytes, mounted from ${from}:`);
  line(`${options.slice(0, 90)}…`);
}

async function onThisMachine(): Promise<void> {
  const root = mkdtempSync('/tmp/coracle-chapter-03-');
  const merged = directory(root, 'merged');
  try {
    const spec = buildLayers(root);
    mountThem(spec, merged);
    act(merged);
    showUpper(spec);
    showChanges(spec);
    refuseSecond(spec, directory(root, 'second'));
    unmount(merged);
    await showSnapshots(root, merged);
  } finally {
    unmountAll(merged, { lazy: true });
    rmSync(root, { recursive: true });
  }
  title('The end');
  say('Everything is unmounted and removed.');
}

function buildLayers(root: string): OverlaySpec & { upper: string } {
  title('Three layers');
  const layers = {
    base: { 'etc/motd': 'welcome\n', 'etc/hostname': 'base\n', 'var/cache/old': 'stale\n' },
    tools: { 'bin/tool': '#!/bin/sh\n', 'etc/hostname': 'tools\n' },
    app: { 'srv/app': 'the application\n' },
  };
  for (const [name, files] of Object.entries(layers)) {
    for (const [file, contents] of Object.entries(files)) {
      const at = path.join(root, name, file);
      mkdirSync(path.dirname(at), { recursive: true });
      writeFileSync(at, contents);
    }
    line(`${name.padEnd(6)} ${Object.keys(files).join(', ')}`);
  }
  return {
    lower: ['app', 'tools', 'base'].map((name) => path.join(root, name)),
    upper: directory(root, 'upper'),
    work: directory(root, 'work'),
  };
}

function mountThem(spec: OverlaySpec, merged: string): void {
  title('One directory');
  const began = performance.now();
  mountOverlay(planOverlay(spec), merged);
  say(`Mounted in ${(performance.now() - began).toFixed(1)} ms, loading libc included. It shows:`);
  showTree(merged);
  const hostname = readFileSync(path.join(merged, 'etc/hostname'), 'utf8').trim();
  say(`etc/hostname is in two layers; the upper one of them wins: ${hostname}`);
}

function act(merged: string): void {
  title('What a container does');
  say('It changes a file, deletes one, and makes a directory anew:');
  line('echo changed > etc/hostname');
  writeFileSync(path.join(merged, 'etc/hostname'), 'changed\n');
  line('rm etc/motd');
  rmSync(path.join(merged, 'etc/motd'));
  line('rm -r var/cache; mkdir var/cache; echo fresh > var/cache/new');
  rmSync(path.join(merged, 'var/cache'), { recursive: true });
  mkdirSync(path.join(merged, 'var/cache'));
  writeFileSync(path.join(merged, 'var/cache/new'), 'fresh\n');
  say('The directory shows now:');
  showTree(merged);
}

function showUpper({ upper }: { upper: string }): void {
  title('What the kernel wrote: the upper directory');
  showTree(upper);
  say('A character device 0:0 is a whiteout: this name is deleted. Marks are attributes:');
  for (const file of filesIn(upper)) {
    const at = path.join(upper, file);
    for (const name of llistxattr(at).filter((each) => each.endsWith('.overlay.opaque'))) {
      line(`${file}: ${name}=${lgetxattr(at, name)?.toString() ?? ''} hides what is below`);
    }
  }
}

function showChanges({ upper, lower }: OverlaySpec & { upper: string }): void {
  title('The same as an OCI layer');
  for (const { kind, path: at, opaque } of overlayChanges({ upper, lower })) {
    line(`${kind.padEnd(6)} ${at}${opaque === true ? ' (opaque)' : ''}`);
  }
  say('A tar archive has no whiteouts, so an image layer has files of special names:');
  for (const entry of ociEntries(overlayChanges({ upper, lower }))) line(entry.path);
}

function refuseSecond(spec: OverlaySpec, second: string): void {
  title('What the kernel would allow, and corrupt');
  say('A second overlay on the same upper directory:');
  try {
    mountOverlay(planOverlay(spec), second);
    unmount(second);
  } catch (error) {
    if (!(error instanceof OverlayError)) throw error;
    line(`${error.code}: ${error.message}`);
  }
}

async function showSnapshots(root: string, merged: string): Promise<void> {
  title('Snapshots: a chain of ten, as containerd keeps them');
  using snapshots = createSnapshotter(path.join(root, 'snapshots'), overlayDriver());
  let parent: string | undefined;
  for (let index = 1; index <= 10; index += 1) {
    mountSnapshot(await snapshots.prepare(`extract-${index}`, parent), merged);
    writeFileSync(path.join(merged, `layer-${index}`), '');
    unmount(merged);
    parent = `layer-${index}`;
    await snapshots.commit(parent, `extract-${index}`);
  }
  const [mount] = await snapshots.prepare('container', parent);
  say('A container on top of them is two empty directories and this mount:');
  for (const option of mount?.options ?? []) line(option.replaceAll(`${root}/`, ''));
  say(
    `prepare and mount, median of 50: ${(await measure(snapshots, parent, merged)).toFixed(2)} ms`,
  );
}

async function measure(
  snapshots: Snapshotter,
  parent: string | undefined,
  merged: string,
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const began = performance.now();
    mountSnapshot(await snapshots.prepare(`run-${round}`, parent), merged);
    times.push(performance.now() - began);
    unmount(merged);
    await snapshots.remove(`run-${round}`);
  }
  return times.toSorted((a, b) => a - b)[25] ?? 0;
}

function directory(root: string, name: string): string {
  const at = path.join(root, name);
  mkdirSync(at);
  return at;
}

function showTree(root: string): void {
  for (const file of filesIn(root)) line(describe(root, file));
}

/** Every path below a directory, parents first. */
function filesIn(root: string, below = ''): string[] {
  return listNames(path.join(root, below)).flatMap((name) => {
    const file = path.join(below, name);
    const isDirectory = lstatSync(path.join(root, file)).isDirectory();
    return isDirectory ? [file, ...filesIn(root, file)] : [file];
  });
}

function describe(root: string, file: string): string {
  const stats = lstatSync(path.join(root, file));
  if (stats.isDirectory()) return `${file}/`;
  if (stats.isCharacterDevice()) return `${file}  (character device 0:0)`;
  return `${file}  ${JSON.stringify(readFileSync(path.join(root, file), 'utf8'))}`;
}

function title(text: string): void {
  console.log(`\n${styleText(['bold', 'cyan'], text)}`);
}

function say(text: string): void {
  console.log(text);
}

function line(text: string): void {
  console.log(styleText('dim', `    ${text}`));
}
