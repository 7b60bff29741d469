/**
 * Chapter 05, running: an image is made by hand, read, unpacked, and becomes a process.
 *
 * As root it unpacks its layers into snapshots, mounts them, and runs a container of them. Without
 * root it makes and reads the image, and says what the rest needs.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  chainIds,
  hostPlatform,
  imageSpec,
  layerArchive,
  layerSources,
  openContentStore,
  placeEntry,
  readHeader,
  readImage,
  readRecords,
  readTime,
  splitEntryPath,
  unpackImage,
  type ContentStore,
  type ReadImage,
} from 'coracle/image';
import {
  MEDIA_TYPE,
  stringifyExactJson,
  type Digest,
  type ImageConfig,
  type ImageDescriptor,
  type ImageManifest,
} from 'coracle/oci';
import {
  createSnapshotter,
  directoryChanges,
  listNames,
  mountSnapshot,
  overlayDriver,
  unmountAll,
  type Snapshotter,
} from 'coracle/overlayfs';
import { Runtime } from 'coracle/runtime';
import { waitForExit } from 'coracle/sys';
import { BUSYBOX, STEPS } from './greeter.ts';
import { attempt, brief, line, needs, say, title } from './tell.ts';

const NAME = 'example.org/greeter:1';
const ID = `chapter-05-${process.pid}`;
/** What `docker build` would have written from USER, ENV, WORKDIR, ENTRYPOINT and CMD. */
const DEFAULTS = {
  User: 'ann',
  Env: ['GREETING=hello'],
  WorkingDir: 'srv',
  Entrypoint: ['sh', './greet'],
  Cmd: ['world'],
};

/** A layer of the image, as it is made: the archive, and the blob that is kept of it. */
interface Layer {
  readonly name: string;
  readonly archive: Buffer;
  readonly blob: Buffer;
  readonly diffId: Digest;
}

process.umask(0o022);
const folder = mkdtempSync('/tmp/coracle-chapter-05-');
try {
  const layers = makeLayers();
  showArchive(layers[1]);
  showNames(layers);
  using content = openContentStore(path.join(folder, 'content'), { durable: false });
  const image = showTree(content, layers);
  await showRefusals(layers[1]);
  if (process.getuid?.() !== 0) {
    needs('The rest unpacks and mounts as root: sudo ./workbook run 05');
  } else if (BUSYBOX === undefined) {
    needs('The rest needs a busybox: apt-get install busybox-static');
  } else await onThisMachine(content, image);
} finally {
  rmSync(folder, { recursive: true });
}

/** Three states of one tree; a layer is what differs between two of them. */
function makeLayers(): Layer[] {
  title('Three steps, three layers');
  let before: string | undefined;
  return STEPS.map(([name, act]) => {
    const after = path.join(folder, 'trees', name);
    mkdirSync(path.dirname(after), { recursive: true });
    if (before === undefined) mkdirSync(after);
    else execFileSync('cp', ['-a', before, after]);
    act(after);
    const changes = [...directoryChanges(before, after)];
    before = after;
    const archive = Buffer.concat([...layerArchive(changes, { sourceDateEpoch: 0 })]);
    line(`${name.padEnd(5)} ${changes.map((each) => `${each.kind} ${each.path}`).join(', ')}`);
    return { name, archive, blob: gzipSync(archive), diffId: sha256(archive) };
  });
}

function showArchive(layer: Layer | undefined): void {
  if (layer === undefined) return;
  title(`The layer "${layer.name}" is a tar archive of ${layer.archive.length} bytes`);
  say('A header of 512 bytes for each file, and its bytes after it, up to a whole block:');
  for (let at = 0; ;) {
    const header = readHeader(layer.archive.subarray(at, at + 512));
    if (header === undefined) break;
    const { typeFlag, mode, uid, gid, size } = header;
    const name = Buffer.from(header.name).toString();
    line(
      `${String(at).padStart(5)}  type ${typeFlag}  ${mode.toString(8).padStart(4)}  ${uid}:${gid}  ${String(size).padStart(3)} bytes  ${name}`,
    );
    if (typeFlag === 'x') showRecords(layer.archive.subarray(at + 512, at + 512 + size));
    at += 512 * (1 + Math.ceil(size / 512));
  }
  say(
    'Type 5 is a directory, 0 a file; x has more about the next one. A header does not say in which',
  );
  say('encoding its name is, so what is not ASCII comes in a record too: that is UTF-8.');
  const time = '1700000000.25';
  say(`Times of records have fractions: ${time} is ${readTime(time)} nanoseconds since 1970.`);
}

function showRecords(bytes: Uint8Array): void {
  for (const [keyword, value] of readRecords(bytes)) {
    line(`       its record: ${keyword} = ${Buffer.from(value).toString()}`);
  }
}

function showNames(layers: readonly Layer[]): void {
  title('Each layer has three names');
  const chain = chainIds(layers.map(({ diffId }) => diffId));
  line('layer  the archive, its DiffID  the blob, compressed   all up to here, the ChainID');
  for (const [index, { name, diffId, blob }] of layers.entries()) {
    const names = [diffId, sha256(blob), chain[index] ?? diffId].map((each) =>
      brief(each).padEnd(21),
    );
    line(`${name.padEnd(5)}  ${names.join('  ').trimEnd()}`);
  }
  say(
    'The lowest ChainID is the DiffID; each of the others is the hash of the one above it in this',
  );
  say('table, a space, and its own DiffID.');
}

/** The documents that lead from a name to the layers, in a content store. */
function showTree(content: ContentStore, layers: readonly Layer[]): ReadImage {
  title(`From a name to the layers: ${NAME}`);
  const here = hostPlatform();
  const config: ImageConfig = {
    ...here,
    config: DEFAULTS,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  const manifest: ImageManifest = {
    schemaVersion: 2,
    config: putJson(content, MEDIA_TYPE.config, config),
    layers: layers.map(({ blob }) => put(content, MEDIA_TYPE.layerGzip, blob)),
  };
  const own = { ...putJson(content, MEDIA_TYPE.manifest, manifest), platform: here };
  const other = { ...own, platform: { os: 'linux', architecture: 's390x' } };
  const index = { schemaVersion: 2, manifests: [other, own] };
  const target = putJson(content, MEDIA_TYPE.index, index);
  content.images.put({ name: NAME, target });
  const image = readImage(content, content.images.get(NAME).target);
  line(`index     ${brief(target.digest)}  for s390x and ${here.architecture}`);
  line(`manifest  ${brief(image.descriptor.digest)}  the one for ${here.architecture}`);
  line(`config    ${brief(image.manifest.config.digest)}  ${JSON.stringify(image.config.config)}`);
  for (const { descriptor } of image.layers) {
    line(`layer     ${brief(descriptor.digest)}  ${descriptor.mediaType}`);
  }
  return image;
}

async function showRefusals(layer: Layer | undefined): Promise<void> {
  title('Archives come from strangers');
  await attempt('a file at ../../etc/passwd', folder, () => splitEntryPath('../../etc/passwd'));
  const damaged = Buffer.from(layer?.archive.subarray(0, 512) ?? []);
  damaged[0] = 0x2f;
  await attempt('a header with one byte changed', folder, () => readHeader(damaged));
  say('And what is there already makes way, unless both are directories:');
  line(`a directory on a directory: ${placeEntry('directory', 'directory')}`);
  line(`a directory on a symlink: ${placeEntry('directory', 'symlink')}`);
  line(`a file on a file: ${placeEntry('file', 'file')}`);
}

async function onThisMachine(content: ContentStore, image: ReadImage): Promise<void> {
  using snapshots = createSnapshotter(path.join(folder, 'snapshots'), overlayDriver());
  const top = await unpack(content, image, snapshots);
  const rootfs = path.join(folder, 'bundle/rootfs');
  mkdirSync(rootfs, { recursive: true });
  try {
    mountSnapshot(await snapshots.prepare('container', top), rootfs);
    showMerged(rootfs);
    runContainer(image, rootfs);
  } finally {
    unmountAll(rootfs, { lazy: true });
  }
  await refuseAnotherLayer(content, image, snapshots);
  title('The end');
  say('The container, the mount, the snapshots and the content are gone.');
}

async function unpack(
  content: ContentStore,
  image: ReadImage,
  snapshots: Snapshotter,
): Promise<Digest> {
  title('Unpacked: a snapshot for each layer, named by its ChainID');
  const began = performance.now();
  const top = await unpackImage(layerSources(content, image), snapshots);
  say(`In ${(performance.now() - began).toFixed(1)} ms:`);
  for (const name of chainIds(image.layers.map(({ diffId }) => diffId))) {
    const { kind, parent } = snapshots.stat(name);
    line(`${kind}  ${brief(name)}  on ${parent === undefined ? 'nothing' : brief(parent)}`);
  }
  const again = performance.now();
  await unpackImage(layerSources(content, image), snapshots);
  say(`The same again takes ${(performance.now() - again).toFixed(1)} ms: all of them are there.`);
  if (top === undefined) throw new TypeError('the image has no layers');
  return top;
}

function showMerged(rootfs: string): void {
  title('Mounted: what a container sees');
  for (const file of filesIn(rootfs)) line(file);
  say('In the layer "tidy" etc/motd and srv/build.log are whiteouts: nothing of them is left.');
}

function runContainer(image: ReadImage, rootfs: string): void {
  title('From the config of the image to config.json');
  const spec = imageSpec(image.config, rootfs, { args: ['reader'], hostname: 'chapter-five' });
  const { args, env, cwd, user } = spec.process ?? {};
  say('The user wants it to greet the reader: that replaces Cmd, and nothing else.');
  line(`args  ${JSON.stringify(args)}`);
  line(`env   ${JSON.stringify(env)}`);
  line(`cwd   ${JSON.stringify(cwd)}`);
  line(`user  ${JSON.stringify(user)}, which is ann in the etc/passwd of the image`);
  const bundle = path.dirname(rootfs);
  writeFileSync(path.join(bundle, 'config.json'), stringifyExactJson(spec));
  const runtime = new Runtime({ root: path.join(folder, 'state'), onWarning: say });
  say('And the container says:');
  try {
    const { pid } = runtime.create({ id: ID, bundle });
    runtime.start(ID);
    waitForExit(pid);
  } finally {
    runtime.delete(ID, { force: true });
  }
}

async function refuseAnotherLayer(
  content: ContentStore,
  image: ReadImage,
  snapshots: Snapshotter,
): Promise<void> {
  title('A layer that is not what the config says');
  const [source] = layerSources(content, image);
  if (source === undefined) return;
  const wrong = { ...source, diffId: sha256(Buffer.from('something else')) };
  await attempt('unpack', folder, () => unpackImage([wrong], snapshots));
}

function put(content: ContentStore, mediaType: string, bytes: Buffer): ImageDescriptor {
  using ingest = content.ingest(`chapter-05-${sha256(bytes)}`);
  ingest.write(bytes);
  const { digest, size } = ingest.commit({ digest: sha256(bytes), size: bytes.length });
  return { mediaType, digest, size };
}

function putJson(content: ContentStore, mediaType: string, value: object): ImageDescriptor {
  return put(content, mediaType, Buffer.from(JSON.stringify(value)));
}

function sha256(bytes: Buffer): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Every path below a directory, parents first; of a file what is in it, if that is short. */
function filesIn(root: string, below = ''): string[] {
  return listNames(path.join(root, below)).flatMap((name) => {
    const file = path.join(below, name);
    const stats = lstatSync(path.join(root, file));
    if (stats.isDirectory()) return [`${file}/`, ...filesIn(root, file)];
    if (stats.isSymbolicLink() || stats.size > 20) return [file];
    return [`${file}  ${JSON.stringify(readFileSync(path.join(root, file), 'utf8'))}`];
  });
}
