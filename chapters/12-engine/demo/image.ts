/**
 * The demo's image, in a registry of its own on 127.0.0.1: busybox, and a script above it.
 *
 *     two folders ─▶ two layers ─▶ config and manifest ─▶ pushed
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { hostPlatform, layerArchive, openContentStore, type ContentStore } from 'coracle/image';
import {
  MEDIA_TYPE,
  type Digest,
  type ImageConfig,
  type ImageDescriptor,
  type ImageManifest,
} from 'coracle/oci';
import { directoryChanges } from 'coracle/overlayfs';
import { folderNames, parseReference, Registry, serveRegistry } from 'coracle/registry';
import { line, title } from './print.ts';

const APPLETS = ['sh', 'hostname', 'id', 'ls', 'ps', 'touch', 'awk'];
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));

/** What the container runs: it looks around and says what it sees. */
const SCRIPT = [
  '#!/bin/sh',
  'echo "my hostname is $(hostname)"',
  'echo "I am process $$, and these are all that I can see:"',
  'ps -o pid,args',
  'echo "I am $(id), and greet $READER"',
  'echo "my root filesystem: $(ls -x /)"',
  'echo "my mounts: $(awk \'$2 !~ "/.*/.*/" { printf "%s ", $2 }\' /proc/mounts)"',
  'echo "may I write? $(touch /srv/note 2>&1 && echo yes)"',
  '',
].join('\n');

/** What the image says of the processes that it is for. */
const PROCESS = { Cmd: ['/bin/look'], Env: ['PATH=/bin', 'READER=you'], WorkingDir: '/srv' };

/** A registry that has the image. */
export interface ServedImage extends AsyncDisposable {
  /** `127.0.0.1:PORT/demo:latest`. */
  readonly name: string;
}

/** Makes the image below `folder`, and pushes it into a registry there that it starts. */
export async function serveImage(folder: string): Promise<ServedImage> {
  title('An image: blobs, named by their digests');
  await using stack = new AsyncDisposableStack();
  using made = openContentStore(path.join(folder, 'made'), { durable: false });
  const target = makeImage(made, folder);
  const content = stack.use(openContentStore(path.join(folder, 'served'), { durable: false }));
  const names = folderNames(path.join(folder, 'names'));
  const server = stack.use(await serveRegistry({ content, names }));
  using client = new Registry({ environment: {} });
  const name = `${server.host}/demo:latest`;
  await client.push(target, parseReference(name), made);
  const ours = stack.move();
  return { name, [Symbol.asyncDispose]: () => ours.disposeAsync() };
}

function makeImage(content: ContentStore, folder: string): ImageDescriptor {
  const layers = [busyboxFolder(folder), scriptFolder(folder)].map((changed) => {
    const empty = path.join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const changes = directoryChanges(empty, changed);
    return Buffer.concat([...layerArchive(changes, { sourceDateEpoch: 0 })]);
  });
  const config: ImageConfig = {
    ...hostPlatform(),
    config: PROCESS,
    rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
  };
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: put(content, MEDIA_TYPE.config, config),
    layers: layers.map((archive) => put(content, MEDIA_TYPE.layerGzip, gzipSync(archive))),
  };
  return put(content, MEDIA_TYPE.manifest, manifest);
}

/** One program under many names. */
function busyboxFolder(folder: string): string {
  const layer = path.join(folder, 'busybox');
  for (const name of ['bin', 'dev', 'proc', 'srv', 'sys']) {
    mkdirSync(path.join(layer, name), { recursive: true });
  }
  const bin = path.join(layer, 'bin');
  if (BUSYBOX !== undefined) copyFileSync(BUSYBOX, path.join(bin, 'busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
  return layer;
}

function scriptFolder(folder: string): string {
  const layer = path.join(folder, 'script');
  mkdirSync(path.join(layer, 'bin'), { recursive: true });
  writeFileSync(path.join(layer, 'bin/look'), SCRIPT, { mode: 0o755 });
  return layer;
}

function put(content: ContentStore, mediaType: string, value: object): ImageDescriptor {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  const digest = digestOf(bytes);
  using ingest = content.ingest(`demo-${digest}`);
  ingest.write(bytes);
  const { size } = ingest.commit({ digest, size: bytes.length });
  line(`${digest.slice(0, 19)}…  ${String(size).padStart(7)} bytes  ${mediaType}`);
  return { mediaType, digest, size };
}

function digestOf(bytes: Buffer): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
