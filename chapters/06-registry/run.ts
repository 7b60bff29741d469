/**
 * Chapter 06, running: a registry on this machine, an image pushed into it, and pulled out again.
 *
 * Between client and registry stands a go-between that shows each request, lets nobody in without a
 * token, hands layers out from somewhere else, and breaks off once. It needs no root and no network,
 * and leaves nothing.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { openContentStore, type ContentStore } from 'coracle/image';
import { MEDIA_TYPE, type Digest, type ImageDescriptor } from 'coracle/oci';
import {
  canonicalName,
  DEFAULT_DOMAIN,
  folderNames,
  parseChallenges,
  parseReference,
  planBody,
  Registry,
  RegistryError,
  serveRegistry,
  tokenRequest,
  withDefaultTag,
  type Reference,
} from 'coracle/registry';
import { GoBetween, type Note } from './go-between.ts';

const LAYER_SIZE = 150_000;
/** Bytes of the layer after which the connection breaks. */
const BREAK_AT = 65_536;

/** What of an image the rest of this program asks for. */
interface Made {
  readonly layer: ImageDescriptor;
  readonly manifest: ImageDescriptor;
}

const folder = mkdtempSync('/tmp/coracle-chapter-06-');
try {
  showNames();
  showChallenge();
  await onThisMachine();
} finally {
  rmSync(folder, { recursive: true });
}

function showNames(): void {
  title('A name becomes an address');
  for (const name of ['busybox', 'ghcr.io/me/app:v1', 'r.example:5000/app']) {
    const reference = withDefaultTag(parseReference(name));
    const { domain, path: repository, tag = '' } = reference;
    line(`${name.padEnd(18)}  ${canonicalName(reference)}`);
    const host = domain === DEFAULT_DOMAIN ? 'registry-1.docker.io' : domain;
    line(`${''.padEnd(18)}  GET https://${host}/v2/${repository}/manifests/${tag}`);
  }
  for (const name of ['BusyBox', 'https://ghcr.io/me/app']) refused(() => parseReference(name));
}

function showChallenge(): void {
  title('A registry asks who you are');
  const header =
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull"';
  line(`401, www-authenticate: ${header}`);
  const [challenge] = parseChallenges(header);
  if (challenge === undefined) return;
  const scopes = ['repository:library/busybox:pull'];
  const registry = new URL('https://registry-1.docker.io/');
  say('Where to ask for a token, as nobody and as ann:');
  for (const credentials of [undefined, { username: 'ann', password: 'secret' }]) {
    const { method, url, headers } = tokenRequest(challenge, scopes, credentials, registry);
    line(`${method} ${decodeURIComponent(url.href)}`);
    for (const [name, value] of Object.entries(headers)) line(`     ${name}: ${value}`);
  }
  say('A token server that is not encrypted is sent nothing:');
  const parameters = new Map([['realm', 'http://auth.docker.io/token']]);
  refused(() => tokenRequest({ scheme: 'bearer', parameters }, scopes, undefined, registry));
}

async function onThisMachine(): Promise<void> {
  using ours = openStore('ours');
  using theirs = openStore('registry');
  const names = folderNames(path.join(folder, 'names'));
  const image = makeImage(ours);
  await using server = await serveRegistry({ content: theirs, names });
  await using between = await GoBetween.start(server.host);
  using client = new Registry({ environment: {}, retry: { firstWait: 1 } });
  const name = parseReference(`${between.host}/chapter/app:v1`);

  await push(client, image, name, ours, between);
  await pull(client, image, name, between);
  await goWrong(client, image, name, between);
  title('The end');
  say('Registry and client are closed, their stores removed.');
}

function openStore(name: string): ContentStore {
  return openContentStore(path.join(folder, name), { durable: false });
}

/** An image of one layer, which is no archive: nobody here unpacks it. */
function makeImage(content: ContentStore): Made {
  title('An image: three blobs, each named by its digest');
  const layer = add(content, 'layer', MEDIA_TYPE.layer, bytesLikeRandom(LAYER_SIZE));
  const config = add(content, 'config', MEDIA_TYPE.config, {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers: [layer] };
  return { layer, manifest: add(content, 'manifest', MEDIA_TYPE.manifest, document) };
}

function add(
  content: ContentStore,
  what: string,
  mediaType: string,
  value: unknown,
): ImageDescriptor {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  using ingest = content.ingest(what, { total: bytes.length });
  ingest.write(bytes);
  const { digest, size } = ingest.commit({});
  line(`${what.padEnd(8)}  ${brief(digest)}  ${size} bytes`);
  return { mediaType, digest, size };
}

/** The same each time, so that the digest is too. */
function bytesLikeRandom(length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, at) =>
    createHash('sha256').update(String(at)).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

async function push(
  client: Registry,
  { layer, manifest }: Made,
  name: Reference,
  ours: ContentStore,
  between: GoBetween,
): Promise<void> {
  title('push: one blob');
  say('The first request is refused, with the address of a token server:');
  await client.pushBlob(name, layer, ours);
  showNotes(between.take());
  title('push: the rest');
  say('The layer is there already. The manifest comes last: no tag without its image.');
  await client.push(manifest, name, ours);
  showNotes(between.take(), [layer.digest, 'blobs/', 'manifests/']);
}

async function pull(
  client: Registry,
  { layer }: Made,
  name: Reference,
  between: GoBetween,
): Promise<void> {
  title('pull: the connection breaks in the layer');
  using pulled = openStore('pulled');
  between.breakAt = BREAK_AT;
  await client.pull(name, pulled);
  showNotes(between.take(), ['manifests/', layer.digest, 'blobs/']);
  say('The second time only the rest was asked for. What planBody makes of the answer:');
  const contentRange = `bytes ${BREAK_AT}-${LAYER_SIZE - 1}/${LAYER_SIZE}`;
  line(JSON.stringify(planBody(BREAK_AT, LAYER_SIZE, { status: 206, contentRange })));
  say('The token went to the registry only, never to the store. The layer as it arrived:');
  line(`${brief(hashOf(pulled.read(layer.digest)))}, as the manifest says`);

  title('pull, again: one request');
  await client.pull(name, pulled);
  showNotes(between.take());
}

async function goWrong(
  client: Registry,
  { layer }: Made,
  name: Reference,
  between: GoBetween,
): Promise<void> {
  using empty = openStore('empty');
  title('What goes wrong');
  say('The store changes one bit:');
  between.lies = true;
  await failed(between, () => client.fetchBlob(name, layer, empty));
  line(`the store at home ${empty.has(layer.digest) ? 'has' : 'does not have'} the layer`);
  say('There is no such tag:');
  await failed(between, () => client.pull({ ...name, tag: 'v2' }, empty));
}

/** @param order texts in the paths of requests that were made at the same time. */
function showNotes(notes: readonly Note[], order: readonly string[] = []): void {
  const rank = ({ asked }: Note): number =>
    order.findIndex((text) => asked.includes(text.slice(0, 'sha256:'.length + 12)));
  for (const { who, asked, answered } of notes.toSorted((a, b) => rank(a) - rank(b))) {
    line(`${who.padEnd(13)} ${asked.padEnd(48)} ${answered}`);
  }
}

function hashOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function brief(digest: Digest): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}

function refused(operation: () => unknown): void {
  try {
    operation();
    line('it was done');
  } catch (error) {
    line(textOf(error));
  }
}

async function failed(between: GoBetween, operation: () => Promise<unknown>): Promise<void> {
  try {
    await operation();
    line('it was done');
  } catch (error) {
    const text = textOf(error).replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
    line(text.replaceAll(/(sha256:.{12})\w+/g, '$1…'));
  }
  between.take();
}

function textOf(error: unknown): string {
  if (!(error instanceof RegistryError)) throw error;
  return `${error.code}: ${error.message}`;
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
