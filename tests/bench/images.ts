// How fast are images: unpacking and pulling a Debian, beside umoci, podman, skopeo and containerd.
//
//   node tests/bench/images.ts [--rounds N] [--rootfs DIR] [--folder DIR] [--json]
//
// The root filesystem is given, or made by debootstrap. Every run begins with nothing of the image:
// what the run before has made is removed outside of the measured time. For a minute ext4 does not
// use inodes again that were deleted, and looks long for others: there all are slow alike, and a
// folder on a tmpfs tells more.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CgroupParent } from '../interop/engines/cgroup-parent.ts';
import { Containerd } from '../interop/engines/containerd.ts';
import { summarize } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rootfs: { type: 'string' },
    folder: { type: 'string', default: '/var/tmp' },
    json: { type: 'boolean', default: !process.stdout.isTTY },
  },
});

/** One way to do a thing, and how to make it possible again. */
interface Contestant {
  readonly group: string;
  readonly name: string;
  readonly run: () => unknown;
  readonly undo: () => unknown;
}

const coracle = path.resolve(import.meta.dirname, '../../chapters/12-engine/bin/coracle');
const NAME = 'coracle.test/debian:bench';
const folder = mkdtempSync(path.join(values.folder, 'coracle-bench-images-'));
const at = (name: string): string => path.join(folder, name);

makeImage();
const server = spawn(coracle, ['--root', at('served'), 'registry', 'serve', '--port', '0']);
const containerd = await Containerd.start(at('containerd'), new CgroupParent(process.pid));
try {
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const remote = `${line.toString().replace('serving ', '').trim()}/debian:bench`;
  run(
    'skopeo',
    'copy',
    '--dest-tls-verify=false',
    `oci:${at('layout')}:bench`,
    `docker://${remote}`,
  );
  const times = await measure([...unpacking(), ...loading(), ...pulling(remote)]);
  report(times);
} finally {
  server.kill();
  await containerd.stop();
  execFileSync('sh', ['-c', 'umount "$1" 2>/dev/null; true', 'sh', at('podman/overlay')]);
  rmSync(folder, { recursive: true, force: true });
}

function makeImage(): void {
  const rootfs = values.rootfs ?? at('rootfs');
  if (values.rootfs === undefined) run('debootstrap', '--variant=minbase', 'bookworm', rootfs);
  const image = `${at('layout')}:bench`;
  run('tar', '-C', rootfs, '--numeric-owner', '--xattrs', '-cf', at('layer.tar'), '.');
  run('umoci', 'init', '--layout', at('layout'));
  run('umoci', 'new', '--image', image);
  run('umoci', 'raw', 'add-layer', '--image', image, at('layer.tar'));
  run('umoci', 'config', '--image', image, '--config.cmd', '/bin/true');
  run('skopeo', 'copy', `oci:${image}`, `oci-archive:${at('archive.tar')}:${NAME}`);
  run(coracle, '--root', at('kept'), 'load', '--no-unpack', '--name', NAME, '-i', at('layout'));
}

/** From content that is there to a tree of files. */
function unpacking(): Contestant[] {
  const group = 'unpack into a bundle';
  return [
    {
      group,
      name: 'umoci unpack',
      run: () => run('umoci', 'unpack', '--image', `${at('layout')}:bench`, at('umoci')),
      undo: () => remove('umoci'),
    },
    {
      group,
      name: 'coracle unpack',
      run: () => run(coracle, '--root', at('kept'), 'unpack', NAME, at('bundle')),
      undo: () => remove('bundle'),
    },
  ];
}

/** From an archive into a store, unpacked. */
function loading(): Contestant[] {
  const group = 'load an archive and unpack it';
  const podman = ['--root', at('podman'), '--runroot', at('podman-run')];
  return [
    {
      group,
      name: 'podman load',
      run: () => run('podman', ...podman, 'load', '-i', at('archive.tar')),
      undo: () => run('podman', ...podman, 'rmi', '--all', '--force'),
    },
    {
      group,
      name: 'ctr image import',
      run: () => containerd.ok('image', 'import', at('archive.tar')),
      undo: () => containerd.ok('image', 'rm', '--sync', NAME),
    },
    {
      group,
      name: 'coracle load',
      run: () => run(coracle, '--root', at('loaded'), 'load', '-i', at('archive.tar')),
      undo: () => remove('loaded'),
    },
  ];
}

function pulling(remote: string): Contestant[] {
  const fetched = 'pull';
  const unpacked = 'pull and unpack';
  return [
    {
      group: fetched,
      name: 'skopeo copy',
      run: () =>
        run(
          'skopeo',
          'copy',
          '--src-tls-verify=false',
          `docker://${remote}`,
          `oci:${at('copied')}:x`,
        ),
      undo: () => remove('copied'),
    },
    {
      group: fetched,
      name: 'coracle pull --download-only',
      run: () => run(coracle, '--root', at('pulled'), 'pull', '--download-only', remote),
      undo: () => remove('pulled'),
    },
    {
      group: unpacked,
      name: 'ctr image pull',
      run: () => containerd.ok('image', 'pull', '--plain-http', remote),
      undo: () => containerd.ok('image', 'rm', '--sync', remote),
    },
    {
      group: unpacked,
      name: 'coracle pull',
      run: () => run(coracle, '--root', at('pulled'), 'pull', remote),
      undo: () => remove('pulled'),
    },
  ];
}

/** In turns, so that a busy moment of the machine meets all; the first round is not counted. */
async function measure(contestants: readonly Contestant[]): Promise<Map<Contestant, number[]>> {
  const times = new Map(contestants.map((each) => [each, [] as number[]]));
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const each of contestants) {
      const began = performance.now();
      await each.run();
      if (round >= 0) times.get(each)?.push(performance.now() - began);
      await each.undo();
    }
  }
  return times;
}

function report(times: ReadonlyMap<Contestant, readonly number[]>): void {
  const rows = [...times].map(([{ group, name }, list]) => ({ group, name, ...summarize(list) }));
  if (values.json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  for (const { group, name, median, min } of rows) {
    const ours = rows.find((row) => row.group === group && row.name.startsWith('coracle'))?.median;
    const ratio = ours === undefined ? '' : `coracle / this: ${(ours / median).toFixed(2)}`;
    console.log(
      `${group.padEnd(32)}${name.padEnd(32)}${median.toFixed(0).padStart(7)} ms (min ${min.toFixed(0)})   ${ratio}`,
    );
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

function remove(name: string): void {
  rmSync(at(name), { recursive: true, force: true });
}
