/**
 * Our registry client and server with those that everybody has: Debian's docker-registry, and skopeo
 * as the other client; in the clear and with TLS on both sides, for everybody and with a password.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentStore } from 'coracle/image';
import {
  folderNames,
  parseReference,
  Registry,
  serveRegistry,
  type Reference,
} from 'coracle/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, sampleImage } from '../../lib/test/registry/sample-image.ts';
import { output, run } from './engines/command.ts';
import { DockerRegistry } from './engines/docker-registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'coracle-interop-registry-'));
const tls = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
const image = sampleImage(300_000, 4);
/** `me` with the password `secret`. */
const HTPASSWD = 'me:$2y$05$72QUX.6oPeTnKclmJyHZJucd2aV3SFO16gOWGAj1kG7DI/.Srk0Eu\n';
const ME = { username: 'me', password: 'secret' };

const variants = [
  { title: 'in the clear, for everybody', encrypted: false, guarded: false },
  { title: 'in the clear, with a password', encrypted: false, guarded: true },
  { title: 'with TLS, for everybody', encrypted: true, guarded: false },
  { title: 'with TLS and a password', encrypted: true, guarded: true },
] as const;

beforeAll(async () => {
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  const about = '-days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
  const argv = `openssl req -x509 ${key} ${about}`.split(' ');
  await output([...argv, '-keyout', tls.key, '-out', tls.cert]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Variant = (typeof variants)[number];

/** A registry, whichever; and our client and skopeo as they must be told to reach it. */
class Place {
  readonly host: string;
  readonly content: ContentStore;
  readonly client: Registry;
  readonly #folder = mkdtempSync(join(folder, 'place-'));
  readonly #variant: Variant;
  readonly #stop: () => Promise<void>;

  private constructor(host: string, variant: Variant, stop: () => Promise<void>) {
    this.host = host;
    this.#variant = variant;
    this.#stop = stop;
    const certificates = join(this.#folder, 'certs.d', host);
    if (variant.encrypted) {
      mkdirSync(certificates, { recursive: true });
      cpSync(tls.cert, join(certificates, 'ca.crt'));
      cpSync(tls.cert, join(certificates, 'client.cert'));
      cpSync(tls.key, join(certificates, 'client.key'));
    }
    this.client = new Registry({
      certificates: join(this.#folder, 'certs.d'),
      keychain: { get: () => Promise.resolve(variant.guarded ? ME : undefined) },
      environment: {},
    });
    this.content = this.store();
    for (const bytes of image.blobs.values()) {
      using ingest = this.content.ingest(digestOf(bytes));
      ingest.write(bytes);
      ingest.commit({});
    }
  }

  static async theirs(variant: Variant): Promise<Place> {
    const registry = await DockerRegistry.start(mkdtempSync(join(folder, 'docker-')), {
      ...(variant.guarded && { htpasswd: HTPASSWD }),
      ...(variant.encrypted && { tls }),
    });
    return new Place(registry.host, variant, () => registry.stop());
  }

  static async ours(variant: Variant): Promise<Place> {
    const at = mkdtempSync(join(folder, 'ours-'));
    const content = new ContentStore(join(at, 'content'), { durable: false });
    const server = await serveRegistry({
      content,
      names: folderNames(join(at, 'names')),
      ...(variant.encrypted && {
        tls: { cert: readFileSync(tls.cert, 'utf8'), key: readFileSync(tls.key, 'utf8') },
      }),
      ...(variant.guarded && {
        authenticate: (name, password) => name === ME.username && password === ME.password,
      }),
    });
    return new Place(server.host, variant, async () => {
      await server.close();
      content.close();
    });
  }

  store(): ContentStore {
    return new ContentStore(mkdtempSync(join(this.#folder, 'content-')), { durable: false });
  }

  name(rest: string): Reference {
    return parseReference(`${this.host}/${rest}`);
  }

  /** skopeo's arguments, of which `side` is `src-`, `dest-` or nothing. */
  skopeo(side: 'src-' | 'dest-' | ''): string[] {
    const { encrypted, guarded } = this.#variant;
    const certificates = join(this.#folder, 'certs.d', this.host);
    return [
      ...(encrypted
        ? [`--${side}cert-dir`, certificates, `--${side}tls-verify=true`]
        : [`--${side}tls-verify=false`]),
      ...(guarded ? [`--${side}creds`, `${ME.username}:${ME.password}`] : []),
    ];
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.#stop();
  }
}

async function skopeoCopy(from: string, to: string, options: readonly string[]): Promise<void> {
  const argv = ['skopeo', '--insecure-policy', 'copy', '--all', '--preserve-digests', ...options];
  await output([...argv, from, to]);
}

async function expectPulled(place: Place, rest: string): Promise<void> {
  using store = place.store();
  expect(await place.client.pull(place.name(rest), store)).toEqual(image.index);
  for (const [digest, bytes] of image.blobs) expect(store.read(digest)).toEqual(bytes);
}

describe.each(variants)('$title', (variant) => {
  describe.each([
    ['docker-registry', () => Place.theirs(variant)],
    ['our server', () => Place.ours(variant)],
  ])('%s', (_, open) => {
    let place: Place;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(() => place.stop());

    test('what we push, in one request or in chunks, skopeo reads', async () => {
      const { client, content, host } = place;
      await client.push(image.index, place.name('whole:v1'), content);
      await client.push(image.index, place.name('chunks:v1'), content, { chunkSize: 70_000 });

      for (const name of ['whole', 'chunks']) {
        const at = `docker://${host}/${name}:v1`;
        const text = await output(['skopeo', 'inspect', ...place.skopeo(''), at]);
        expect(JSON.parse(text)).toMatchObject({
          Digest: image.index.digest,
          RepoTags: ['v1'],
          Os: 'linux',
          Layers: image.layers.map(({ digest }) => digest),
        });
      }
      await expectPulled(place, 'whole:v1');
      await expectPulled(place, `chunks@${image.index.digest}`);
    });

    test('what skopeo takes away and brings back, we pull', async () => {
      const { client, content, host } = place;
      await client.push(image.index, place.name('there:v1'), content);
      const layout = `oci:${mkdtempSync(join(folder, 'layout-'))}:v1`;

      await skopeoCopy(`docker://${host}/there:v1`, layout, place.skopeo('src-'));
      await skopeoCopy(layout, `docker://${host}/back/again:v2`, place.skopeo('dest-'));

      await expectPulled(place, 'back/again:v2');
    });

    test('what is pushed to a second repository is mounted, and listed, and deleted', async () => {
      const { client, content } = place;
      const statuses = new Set<string>();
      await client.push(image.manifest, place.name('one:v1'), content);
      await client.push(image.manifest, place.name('two:v1'), content, {
        onProgress: ({ status, descriptor }) => {
          if (descriptor.digest !== image.manifest.digest) statuses.add(status);
        },
      });
      expect(statuses).toEqual(new Set(['waiting', 'mounted']));

      await client.push(image.manifest, place.name('two:v2'), content);
      expect(await Array.fromAsync(client.tags(place.name('two')))).toEqual(['v1', 'v2']);
      await client.deleteManifest({ ...place.name('two'), digest: image.manifest.digest });
      await expect(client.resolve(place.name('two:v1'))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    test('who refers to an image is known', async () => {
      const { client, content } = place;
      await client.push(image.manifest, place.name('signed:v1'), content);
      const { manifest: subject, config } = image;
      const signature = {
        schemaVersion: 2,
        mediaType: subject.mediaType,
        config,
        layers: [],
        subject,
      };
      const bytes = Buffer.from(JSON.stringify(signature));
      const name = { ...place.name('signed'), digest: digestOf(bytes) };
      const pushed = await client.pushManifest(name, bytes, subject.mediaType);

      const found = await client.referrers(place.name('signed'), subject.digest);

      expect(found).toEqual([{ ...pushed, artifactType: config.mediaType }]);
    });
  });
});

test('a certificate that nobody vouches for is not trusted, and the error says what to do', async () => {
  const registry = await DockerRegistry.start(mkdtempSync(join(folder, 'docker-')), { tls });
  using content = new ContentStore(mkdtempSync(join(folder, 'content-')), { durable: false });
  using client = new Registry({ certificates: join(folder, 'none'), environment: {} });
  try {
    await expect(
      client.pull(parseReference(`${registry.host}/app:v1`), content),
    ).rejects.toMatchObject({
      code: 'UNTRUSTED',
      message: expect.stringContaining(`/etc/docker/certs.d/${registry.host}/ca.crt`) as string,
    });
  } finally {
    await registry.stop();
  }
});

test('a wrong password is refused by the registry, and said', async () => {
  const registry = await DockerRegistry.start(mkdtempSync(join(folder, 'docker-')), {
    htpasswd: HTPASSWD,
  });
  using client = new Registry({ environment: {}, certificates: join(folder, 'none') });
  try {
    await client.ping(registry.host, { credentials: ME });
    const wrong = { credentials: { username: 'me', password: 'wrong' } };
    await expect(client.ping(registry.host, wrong)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      reasons: ['UNAUTHORIZED'],
    });
    const { code } = await run([
      'skopeo',
      'inspect',
      '--tls-verify=false',
      `docker://${registry.host}/x`,
    ]);
    expect(code).not.toBe(0);
  } finally {
    await registry.stop();
  }
});
