/**
 * From an image to a container, beside podman: the same image, made by umoci, with the same options.
 * What its process sees of the image's config must be the same both ways. (A volume that the image
 * does not have belongs to the user by podman, and to root by docker and Coracle: not compared.)
 */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { output } from './engines/command.ts';
import { makeRootfs } from './engines/image.ts';
import { runtimePath } from './engines/runtime-under-test.ts';
import { throughPodman } from './engines/through-podman.ts';

const NAME = 'coracle.test/configured:1';
const coracle = join(import.meta.dirname, '../../chapters/12-engine/bin/coracle');

/** What umoci is to write into the image's config. */
const CONFIG = {
  entrypoint: ['/bin/sh', '/bin/show'],
  cmd: ['by', 'default'],
  env: ['PATH=/bin', 'COLOUR=blue', 'EMPTY='],
  user: 'guest',
  workingdir: '/srv/made on the way',
  volume: ['/data', '/nowhere/yet'],
  stopsignal: 'SIGUSR1',
};

/** The image's program: prints what it was given, and writes where it may. */
const SHOW = `echo "args: $*"
echo "where: $(pwd)"
echo "who: $(id)"
echo "environment: $COLOUR, \${EMPTY-unset}, $PATH, $ADDED"
stat -c '%A %u %g %n' /data /data/from-image
cat /data/from-image
echo mine > /data/new && echo "written: $(cat /data/new)"
echo mine > /kept/new || echo "not written"
grep -c ' /data ' /proc/mounts
grep -c ' /nowhere/yet ' /proc/mounts
`;

throughPodman(({ podman, place }) => {
  const inFolder = (name: string): string => join(place().folder, name);
  const run = (words: readonly string[]): Promise<string> => output(words);
  let count = 0;

  const byPodman = (flags: readonly string[], args: readonly string[]): Promise<string> =>
    podman().ok(
      'run',
      '--rm',
      `--cgroup-parent=${place().cgroupParent.name}`,
      ...flags,
      NAME,
      ...args,
    );

  /** By `coracle unpack` and the runtime. */
  async function byCoracle(options: readonly string[]): Promise<string> {
    const bundle = inFolder(`bundle-${++count}`);
    await run([coracle, '--root', inFolder('coracle'), 'unpack', ...options, NAME, bundle]);
    return run([runtimePath, '--root', inFolder('state'), 'run', '--bundle', bundle, 'configured']);
  }

  beforeAll(async () => {
    const rootfs = inFolder('configured-rootfs');
    await makeRootfs(rootfs);
    writeFileSync(join(rootfs, 'bin/show'), SHOW);
    for (const [folder, mode] of [
      ['data', 0o750],
      ['kept', 0o755],
    ] as const) {
      mkdirSync(join(rootfs, folder));
      chmodSync(join(rootfs, folder), mode);
    }
    writeFileSync(join(rootfs, 'data/from-image'), 'from the image\n', { mode: 0o640 });
    for (const name of ['data', 'data/from-image']) chownSync(join(rootfs, name), 1000, 2000);
    const image = `${inFolder('configured-layout')}:built`;
    await run(['umoci', 'init', '--layout', inFolder('configured-layout')]);
    await run(['umoci', 'new', '--image', image]);
    await run(['tar', '-C', rootfs, '-cf', inFolder('configured.tar'), '.']);
    await run(['umoci', 'raw', 'add-layer', '--image', image, inFolder('configured.tar')]);
    const flags = Object.entries(CONFIG).flatMap(([key, value]) =>
      [value].flat().map((each) => `--config.${key}=${each}`),
    );
    await run(['umoci', 'config', '--image', image, ...flags]);
    const archive = inFolder('configured-archive');
    await run(['skopeo', 'copy', '--quiet', `oci:${image}`, `docker-archive:${archive}:${NAME}`]);
    await podman().ok('load', '--quiet', '--input', archive);
    await run([coracle, '--root', inFolder('coracle'), 'load', '--input', archive]);
  });

  test('a process has the image’s arguments, user, environment, folder and volumes', async () => {
    const expected = await byPodman([], []);
    expect(expected).toContain('written: mine');
    expect(await byCoracle([])).toBe(expected);
  });

  test.each([
    ['arguments', ['--command=one', '--command=two words'], [], ['one', 'two words']],
    [
      'environment',
      ['-e', 'ADDED=a=b', '-e', 'COLOUR=red'],
      ['-e', 'ADDED=a=b', '-e', 'COLOUR=red'],
      [],
    ],
    ['user', ['-u', '1000:0'], ['-u', '1000:0'], []],
    ['user by name', ['-u', 'root'], ['-u', 'root'], []],
    ['folder', ['-w', '/tmp'], ['-w', '/tmp'], []],
    [
      'entrypoint, and then no arguments of the image',
      ['--entrypoint=/bin/sh', '--entrypoint=/bin/show'],
      ['--entrypoint=["/bin/sh", "/bin/show"]'],
      [],
    ],
  ])('and may be given its own %s', async (_, options, flags, args) => {
    expect(await byCoracle(options)).toBe(await byPodman(flags, args));
  });
});
