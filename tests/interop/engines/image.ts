/**
 * The only image of this suite: busybox and a few files to test with, made on the spot,
 * because no registry is reachable. The archive is what `docker save` writes, which docker,
 * podman and containerd all load.
 */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './command.ts';
import { findProgram } from './runtime-under-test.ts';

/** The image's name in every engine; the host part keeps engines from looking for a registry. */
export const IMAGE = 'coracle.test/busybox:latest';

/** Users and groups the image knows: guest (1000) is also in the group extra (2000). */
const PASSWD = ['root:x:0:0:root:/root:/bin/sh', 'guest:x:1000:1000:guest:/:/bin/sh', ''];
const GROUP = ['root:x:0:', 'guest:x:1000:', 'extra:x:2000:guest', ''];

/** Builds the image under `folder` and gives the path of its docker-archive. */
export async function buildImage(folder: string): Promise<string> {
  const rootfs = join(folder, 'image-rootfs');
  const layout = join(folder, 'image-layout');
  const layer = join(folder, 'image-layer.tar');
  const archive = join(folder, 'image.tar');
  await makeRootfs(rootfs);
  await output(['tar', '-C', rootfs, '-cf', layer, '.']);
  await output(['umoci', 'init', '--layout', layout]);
  await output(['umoci', 'new', '--image', `${layout}:built`]);
  await output(['umoci', 'raw', 'add-layer', '--image', `${layout}:built`, layer]);
  const config = ['--config.cmd=/bin/sh', '--config.env=PATH=/bin', '--config.workingdir=/'];
  await output(['umoci', 'config', '--image', `${layout}:built`, ...config]);
  await output(['skopeo', 'copy', `oci:${layout}:built`, `docker-archive:${archive}:${IMAGE}`]);
  return archive;
}

/** A root filesystem of busybox with one link for each applet. */
export async function makeRootfs(rootfs: string): Promise<void> {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'root', 'sys', 'tmp', 'filled', 'usr/bin']) {
    mkdirSync(join(rootfs, folder), { recursive: true });
  }
  await output(['chmod', '1777', join(rootfs, 'tmp')]);
  const busybox = findProgram('busybox') ?? '/bin/busybox';
  copyFileSync(busybox, join(rootfs, 'bin/busybox'));
  for (const applet of (await output([busybox, '--list'])).split('\n')) {
    if (applet !== 'busybox') symlinkSync('busybox', join(rootfs, 'bin', applet));
  }
  writeFileSync(join(rootfs, 'etc/passwd'), PASSWD.join('\n'));
  writeFileSync(join(rootfs, 'etc/group'), GROUP.join('\n'));
  writeFileSync(join(rootfs, 'filled/from-image'), 'from the image\n');
  writeFileSync(join(rootfs, 'bin/not-executable'), '#!/bin/sh\n', { mode: 0o644 });
  writeFileSync(join(rootfs, 'bin/no-interpreter'), '#!/no/such/shell\n', { mode: 0o755 });
}
