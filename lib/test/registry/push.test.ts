import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ContentStore } from '../../src/image/index.ts';
import { MEDIA_TYPE } from '../../src/oci/index.ts';
import type { Progress } from '../../src/registry/index.ts';
import { Harbour } from './harbour.ts';
import { digestOf, sampleImage } from './sample-image.ts';
import { Stage } from './stage.ts';

describe('an image that is pushed', () => {
  it.each([
    ['in one request', undefined],
    ['in requests of 7000 bytes', 7000],
    ['in requests of 20,000 bytes', 20_000],
    ['in requests larger than it', 1_000_000],
  ])('comes back as it was, %s', async (_, chunkSize) => {
    await using harbour = await Harbour.open();
    const { client, image, local, folder } = harbour;
    const name = harbour.name('team/app:v1');

    await client.push(image.index, name, local, chunkSize === undefined ? {} : { chunkSize });

    using again = new ContentStore(path.join(folder, 'again'), { durable: false });
    expect(await client.pull(name, again)).toEqual(image.index);
    for (const [digest, bytes] of image.blobs) expect(again.read(digest)).toEqual(bytes);
    expect(harbour.errors).toEqual([]);
    expect(harbour.remote.ingests()).toEqual([]);
  });

  it('is not sent again, and is mounted into another repository', async () => {
    await using harbour = await Harbour.open();
    const { client, image, local } = harbour;
    const statuses = async (rest: string): Promise<Set<Progress['status']>> => {
      const seen: Progress[] = [];
      const onProgress = (progress: Progress): number => seen.push(progress);
      await client.push(image.manifest, harbour.name(rest), local, { onProgress });
      return new Set(
        seen
          .filter(({ descriptor, status }) => descriptor !== image.manifest && status !== 'waiting')
          .map(({ status }) => status),
      );
    };

    expect(await statuses('one:v1')).toEqual(new Set(['transferring', 'done']));
    expect(await statuses('one:v2')).toEqual(new Set(['exists']));
    expect(await statuses('two:v1')).toEqual(new Set(['mounted']));
  });

  it('is whole, or is not pushed', async () => {
    await using harbour = await Harbour.open();
    const { client, local } = harbour;
    const child = { mediaType: MEDIA_TYPE.manifest, digest: digestOf(Buffer.alloc(1)), size: 1 };
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [child] }),
    );
    const root = { mediaType: MEDIA_TYPE.index, digest: harbour.add(bytes), size: bytes.length };

    await expect(client.push(root, harbour.name('app:v1'), local)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('all platforms') as string,
    });
  });

  it('may be an artifact, about another one', async () => {
    await using harbour = await Harbour.open();
    const { client, image, local } = harbour;
    const empty = Buffer.from('{}');
    const config = { mediaType: MEDIA_TYPE.empty, digest: harbour.add(empty), size: 2 };
    const artifact = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.manifest,
      artifactType: 'application/signature',
      config,
      layers: [config],
      subject: image.manifest,
    };
    const bytes = Buffer.from(JSON.stringify(artifact));
    const digest = harbour.add(bytes);
    const descriptor = { mediaType: MEDIA_TYPE.manifest, digest, size: bytes.length };

    await client.push(descriptor, { ...harbour.name('app'), digest }, local);

    const { artifactType } = artifact;
    const { digest: subject } = image.manifest;
    expect(await client.referrers(harbour.name('app'), subject)).toEqual([
      { ...descriptor, artifactType },
    ]);
    const others = { artifactType: 'application/other' };
    expect(await client.referrers(harbour.name('app'), subject, others)).toEqual([]);
  });

  it('is deleted: a tag, a manifest, a blob', async () => {
    await using harbour = await Harbour.open();
    const { client, image, local } = harbour;
    const [layer = image.config] = image.layers;
    await client.push(image.manifest, harbour.name('app:v1'), local);
    await client.push(image.manifest, harbour.name('app:v2'), local);

    await client.deleteManifest(harbour.name('app:v1'));
    expect(await Array.fromAsync(client.tags(harbour.name('app')))).toEqual(['v2']);
    await client.deleteManifest(harbour.name(`app@${image.manifest.digest}`));
    expect(await Array.fromAsync(client.tags(harbour.name('app')))).toEqual([]);
    await client.deleteBlob(harbour.name('app'), layer.digest);
    expect(await client.hasBlob(harbour.name('app'), layer)).toBe(false);
    await expect(client.deleteManifest(harbour.name('app'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('a registry that misbehaves while it is pushed to', () => {
  /** A stage whose store has the image, and whose registry takes uploads at `location`. */
  async function staged(location: (url: string) => string): Promise<Stage> {
    const stage = await Stage.set();
    for (const bytes of stage.image.blobs.values()) {
      using ingest = stage.content.ingest(digestOf(bytes));
      ingest.write(bytes);
      ingest.commit({});
    }
    stage.server.blobs.clear();
    stage.server.fault = ({ method, url = '', headers }, response) => {
      if (headers.authorization === undefined && url !== '/v2/') {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return true;
      }
      if (method !== 'POST') return false;
      response.writeHead(202, { location: location(url) }).end();
      return true;
    };
    return stage;
  }
  const keychain = { get: () => Promise.resolve({ username: 'me', password: 'secret' }) };
  const push = (stage: Stage, chunkSize?: number): Promise<void> =>
    stage
      .client({ keychain })
      .push(stage.image.manifest, stage.name(), stage.content, chunkSize ? { chunkSize } : {});

  it.each([undefined, 1000])(
    'gets no password for another host (chunks of %s)',
    async (chunkSize) => {
      await using elsewhere = await Stage.set();
      elsewhere.server.fault = (_, response) => {
        response.writeHead(403).end();
        return true;
      };
      await using stage = await staged(() => `http://${elsewhere.server.host}/upload?a=b`);

      await expect(push(stage, chunkSize)).rejects.toMatchObject({ code: 'DENIED' });

      expect(elsewhere.server.seen).not.toEqual([]);
      for (const { headers } of elsewhere.server.seen)
        expect(headers.authorization).toBeUndefined();
    },
  );

  it.each(['file:///etc/passwd', 'http://me:pw@127.0.0.1/', 'http://['])(
    'is not followed to %s',
    async (location) => {
      await using stage = await staged(() => location);
      await expect(push(stage)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );

  it('may have its uploads at a relative place, with a query of its own', async () => {
    await using stage = await staged(() => '?state=a%20b');
    await expect(push(stage)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [put] = stage.server.seen.filter(({ method }) => method === 'PUT');
    expect(put?.url).toMatch(/^\/v2\/app\/blobs\/uploads\/\?state=a\+?(%20)?b&digest=sha256%3A/);
  });

  it('that takes a part and has nothing is left', async () => {
    await using stage = await staged((url) => url);
    const { fault } = stage.server;
    stage.server.fault = (request, response) => {
      if (request.method !== 'PATCH') return fault(request, response);
      request.resume().on('end', () => {
        response.writeHead(202, { location: request.url, range: '0-0' }).end();
      });
      return true;
    };
    await expect(push(stage, 1000)).rejects.toThrow('has 0 bytes as before');
  });

  it('is tried again after it fails, from the beginning', async () => {
    await using stage = await staged((url) => url);
    const { fault } = stage.server;
    let left = 3;
    const whole: number[] = [];
    stage.server.fault = (request, response) => {
      if (request.method !== 'PUT') return fault(request, response);
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.length));
      request.on('end', () => {
        whole.push(size);
        left -= 1;
        response.writeHead(left >= 0 ? 500 : 201).end();
      });
      return true;
    };

    await push(stage);

    expect(whole.filter((size) => size === 100_000)).not.toHaveLength(0);
    expect(stage.clock.waits).toHaveLength(3);
  });

  it('keeps no list of referrers: it is kept in a tag', async () => {
    await using stage = await Stage.set();
    const taken: { url: string; body: string }[] = [];
    stage.server.fault = (request, response) => {
      if (request.method !== 'PUT') return false;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        taken.push({ url: request.url ?? '', body });
        response.writeHead(201).end();
      });
      return true;
    };
    const { manifest, config } = stage.image;
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.manifest,
        config,
        layers: [],
        subject: manifest,
      }),
    );

    const pushed = await stage
      .client()
      .pushManifest(stage.name('app:sig'), bytes, MEDIA_TYPE.manifest);

    const tag = manifest.digest.replace(':', '-');
    expect(taken.map(({ url }) => url)).toEqual([
      '/v2/app/manifests/sig',
      `/v2/app/manifests/${tag}`,
    ]);
    expect(JSON.parse(taken[1]?.body ?? '')).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.index,
      manifests: [{ ...pushed, artifactType: config.mediaType }],
    });
  });
});

it('an upload that is refused before its end is not sent to its end', async () => {
  await using stage = await Stage.set(sampleImage(20 << 20, 1));
  for (const bytes of stage.image.blobs.values()) {
    using ingest = stage.content.ingest(digestOf(bytes));
    ingest.write(bytes);
    ingest.commit({});
  }
  const [layer = stage.image.config] = stage.image.layers;
  stage.server.blobs.clear();
  const ended = Promise.withResolvers<void>();
  let received = 0;
  stage.server.fault = (request, response) => {
    if (request.method === 'POST') response.writeHead(202, { location: request.url }).end();
    else if (request.method !== 'PUT') return false;
    else {
      const { socket } = request;
      request.resume();
      socket.once('close', () => {
        received = socket.bytesRead;
        ended.resolve();
      });
      response.writeHead(403).end();
    }
    return true;
  };

  await expect(stage.client().pushBlob(stage.name(), layer, stage.content)).rejects.toMatchObject({
    code: 'DENIED',
  });

  await ended.promise;
  expect(received).toBeLessThan(layer.size);
});
