/**
 * Archives and layouts of images, between Coracle and skopeo, umoci, buildah, podman, docker and
 * containerd: an image has one id and the same DiffIDs, whichever of them wrote it and who reads it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Containerd } from './engines/containerd.ts';
import { output, run } from './engines/command.ts';
import type { DockerLike } from './engines/docker-like.ts';
import { because, leavesNothingBehind } from './engines/each-engine.ts';
import { missing } from './engines/runtime-under-test.ts';
import {
  readByCoracle,
  readByEngine,
  readBySkopeo,
  rewrite,
  type Form,
  type Identity,
} from './engines/saved-images.ts';
import { Workplace } from './engines/workplace.ts';

const NAME = 'coracle.test/archived:1';

let place: Workplace;
/** An OCI layout by umoci: busybox, and above it one layer twice. */
let layout: string;
let expected: Identity;

const inFolder = (name: string): string => join(place.folder, name);
const skopeo = (...args: string[]): Promise<string> =>
  output(['skopeo', 'copy', '--quiet', ...args]);

beforeAll(async () => {
  if (missing() !== undefined) return;
  place = await Workplace.open();
  layout = inFolder('image-layout');
  writeFileSync(inFolder('hello'), 'hello\n');
  await output(['tar', '-C', place.folder, '-cf', inFolder('hello.tar'), 'hello']);
  for (const _ of [1, 2]) {
    await output([
      'umoci',
      'raw',
      'add-layer',
      '--image',
      `${layout}:built`,
      inFolder('hello.tar'),
    ]);
  }
  expected = await readBySkopeo(place.folder, 'oci', `${layout}:built`);
});

const reason = missing();
describe.skipIf(reason !== undefined)(`images by skopeo and umoci${because(reason)}`, () => {
  test('of umoci’s layout', async () => {
    const found = await readByCoracle(place.folder, layout);
    expect(found).toEqual({ ...expected, names: ['built'] });
    expect(found.diffIds).toHaveLength(3);
    expect(found.diffIds[1]).toBe(found.diffIds[2]);
  });

  test.each([
    ['oci', 'built', []],
    ['oci-archive', 'built', []],
    ['docker-archive', NAME, []],
    ['oci', 'built', ['--dest-compress-format=zstd', '--dest-compress']],
  ])('of skopeo’s %s', async (transport, name, flags) => {
    const target = inFolder(`skopeo-${transport}-${flags.length}`);
    await skopeo(...flags, `oci:${layout}:built`, `${transport}:${target}:${name}`);
    expect(await readByCoracle(place.folder, target)).toEqual({ ...expected, names: [name] });
  });

  test.each<[Form, string]>([
    ['oci', 'oci-archive'],
    ['docker', 'oci-archive'],
    ['docker', 'docker-archive'],
    ['layout', 'oci'],
  ])('in Coracle’s %s are read by skopeo as %s', async (form, transport) => {
    const written = await rewrite(place.folder, layout, form, NAME);
    expect(await readBySkopeo(place.folder, transport, written)).toEqual(expected);
  });

  test('in Coracle’s layout are unpacked by umoci', async () => {
    const written = await rewrite(place.folder, layout, 'layout', 'here');
    const bundle = inFolder('bundle');
    await output(['umoci', 'unpack', '--image', `${written}:here`, bundle]);
    expect(await output(['cat', join(bundle, 'rootfs/hello')])).toBe('hello');
  });
});

const podmanReason = missing('podman', 'conmon', 'buildah');
describe.skipIf(podmanReason !== undefined)(`podman and buildah${because(podmanReason)}`, () => {
  let podman: DockerLike;
  beforeAll(async () => {
    podman = await place.podman();
  });
  const buildah = (...args: string[]): Promise<string> =>
    output(['buildah', ...args], { env: podman.environment });
  const inspect = (image: string): Promise<Identity> =>
    readByEngine((format) => podman.ok('image', 'inspect', '--format', format, image));

  test.each(['docker-archive', 'oci-archive', 'oci-dir'])('podman save as %s', async (format) => {
    await skopeoInto(podman, NAME);
    const target = inFolder(`podman-${format}`);
    await podman.ok('save', '--quiet', '--format', format, '--output', target, NAME);
    const { names, ...image } = await readByCoracle(place.folder, target);
    // In OCI's form podman writes a config of its own.
    const { id, diffIds } = await inspect(NAME);
    expect(image).toEqual({ diffIds, id: format === 'docker-archive' ? id : image.id });
    expect(names).toEqual([NAME]);
    await podman.ok('image', 'rm', NAME);
  });

  test.each(['docker-archive', 'oci-archive', 'oci'])('buildah commit as %s', async (transport) => {
    const container = await buildah('from', 'scratch');
    await buildah('copy', '--quiet', container, inFolder('hello'), '/greeting');
    await buildah('commit', '--quiet', container, NAME);
    await buildah('rm', container);
    const target = inFolder(`buildah-${transport}`);
    await buildah('push', '--quiet', NAME, `${transport}:${target}:${NAME}`);
    const { diffIds } = await readByCoracle(place.folder, target);
    expect(diffIds).toEqual((await inspect(NAME)).diffIds);
    await podman.ok('image', 'rm', NAME);
  });

  test.each<Form>(['oci', 'docker'])('podman load of Coracle’s %s', async (form) => {
    const written = await rewrite(place.folder, layout, form, NAME);
    expect(await podman.ok('load', '--quiet', '--input', written)).toContain(NAME);
    expect(await inspect(NAME)).toEqual(expected);
    await podman.ok('image', 'rm', NAME);
  });

  test.each<[Form, string]>([
    ['oci', 'oci-archive'],
    ['docker', 'docker-archive'],
  ])('buildah pull of Coracle’s %s', async (form, transport) => {
    const written = await rewrite(place.folder, layout, form, NAME);
    const id = await buildah('pull', '--quiet', `${transport}:${written}`);
    expect(await inspect(id)).toEqual(expected);
    await podman.ok('image', 'rm', id);
  });
});

/** Loads the image under a name. */
async function skopeoInto(engine: DockerLike, name: string): Promise<void> {
  const archive = inFolder('loaded.tar');
  await run(['rm', '-f', archive]);
  await skopeo(`oci:${layout}:built`, `docker-archive:${archive}:${name}`);
  await engine.ok('load', '--quiet', '--input', archive);
}

const dockerReason = missing('dockerd', 'containerd', 'docker', 'ctr');
describe.skipIf(dockerReason !== undefined)(`docker and containerd${because(dockerReason)}`, () => {
  let docker: DockerLike;
  let containerd: Containerd;
  beforeAll(async () => {
    const dockerd = await place.dockerd();
    docker = dockerd.client('docker');
    containerd = dockerd.containerd;
  });

  test('docker save, with a link for a layer that is there twice', async () => {
    await skopeoInto(docker, NAME);
    const target = inFolder('docker-saved');
    await docker.ok('save', '--output', target, NAME);
    expect(await output(['tar', '-tvf', target])).toContain(' -> ../');
    const found = await readByCoracle(place.folder, target);
    expect(found).toEqual({ ...expected, names: [NAME] });
    await docker.ok('image', 'rm', NAME);
  });

  test.each<[string, string]>([
    ['umoci', 'image-layout'],
    ['podman', 'podman-docker-archive'],
  ])('docker load of what Coracle makes of %s', async (_what, source) => {
    const written = await rewrite(place.folder, inFolder(source), 'docker', NAME);
    expect(await docker.ok('load', '--input', written)).toContain(NAME);
    const format = ['image', 'inspect', '--format'];
    expect(await readByEngine((text) => docker.ok(...format, text, NAME))).toEqual(
      await readBySkopeo(place.folder, 'docker-archive', written),
    );
    await docker.ok('image', 'rm', NAME);
  });

  test.each<Form>(['oci', 'docker'])('ctr imports Coracle’s %s, and exports it', async (form) => {
    const written = await rewrite(place.folder, layout, form, NAME);
    await containerd.ok('image', 'import', '--no-unpack', written);
    const target = inFolder(`ctr-${form}`);
    await containerd.ok('image', 'export', target, NAME);
    expect(await readByCoracle(place.folder, target)).toEqual({ ...expected, names: [NAME] });
    await containerd.ok('image', 'rm', NAME);
  });

  test('ctr makes the same manifest of an old archive as Coracle', async () => {
    const archive = inFolder('skopeo-docker-archive-0');
    await containerd.ok('image', 'import', '--no-unpack', archive);
    const target = inFolder('ctr-old');
    await containerd.ok('image', 'export', target, NAME);
    const digest = (source: string): Promise<string> =>
      output(['sh', '-c', `tar -xOf ${source} index.json | grep -o 'sha256:[0-9a-f]*'`]);
    const ours = await rewrite(place.folder, archive, 'oci', NAME);
    expect(await digest(ours)).toBe(await digest(target));
    await containerd.ok('image', 'rm', NAME);
  });
});

leavesNothingBehind(() => place);
