/** A registry that lies, loops or goes on failing: what is kept, and what the error says. */
import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '../../src/oci/index.ts';
import { sampleImage, digestOf } from './sample-image.ts';
import { Stage } from './stage.ts';
import { fails, layerOf, pulls, times } from './troubles.ts';

describe('what does not pass', () => {
  it('gives up on a registry that always fails', async () => {
    await using stage = await Stage.set();
    stage.server.fault = ({ url = '' }, response) => {
      if (url === '/v2/') return false;
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"UNAVAILABLE","message":"full of\\nsand"}]}');
      return true;
    };

    await fails(stage, 'UNAVAILABLE', /answered 503.*later/);

    expect(stage.clock.waits).toEqual([500, 1000, 2000, 4000]);
  });

  it('does not wait for an hour', async () => {
    await using stage = await Stage.set();
    stage.server.fault = times(100, '/manifests/', (response) =>
      response.writeHead(429, { 'retry-after': '3600' }).end(),
    );

    await fails(stage, 'TOO_MANY_REQUESTS', /asked again after "3600"/);

    expect(stage.clock.waits).toEqual([]);
  });

  it('gives up on a layer that stalls each time', async () => {
    await using stage = await Stage.set(sampleImage(1000, 1));
    const { digest } = layerOf(stage);
    stage.server.fault = times(100, digest, (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.flushHeaders();
      setImmediate(() => stage.clock.stall());
    });

    await fails(stage, 'STALLED', /no byte came from .*blobs.* for 30 s/, digest);
  });

  it('gives up on a registry that does not say a word', async () => {
    await using stage = await Stage.set();
    stage.server.fault = ({ url }) => {
      if (url === '/v2/') return false;
      setImmediate(() => stage.clock.stall());
      return true;
    };

    await fails(stage, 'STALLED', /for 30 s/);
  });

  it.each([
    ['another content', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x'), /digest is sha256/],
    ['a longer one', (bytes: Buffer) => Buffer.concat([bytes, bytes]), /should have 100000/],
    ['a shorter one', (bytes: Buffer) => bytes.subarray(1), /should have 100000/],
  ])('keeps nothing of a layer with %s', async (_, wrong, message) => {
    await using stage = await Stage.set();
    const { digest } = layerOf(stage);
    const bytes = stage.image.blobs.get(digest) ?? Buffer.alloc(0);
    stage.server.blobs.set(digest, wrong(bytes));

    await fails(stage, 'BAD_CONTENT', message, digest);

    expect(stage.content.ingests().map(({ ref }) => ref)).not.toContain(`fetch-${digest}`);
  });

  it('ends a layer that does not end', async () => {
    await using stage = await Stage.set();
    const { digest } = layerOf(stage);
    let hungUp = false;
    stage.server.fault = times(100, digest, (response) => {
      const more = (): void => {
        if (response.destroyed) hungUp = true;
        else response.write(Buffer.alloc(65_536), () => setImmediate(more));
      };
      response.on('close', () => (hungUp = true));
      more();
    });

    await fails(stage, 'BAD_CONTENT', /more than the 100000 bytes/, digest);

    await expect.poll(() => hungUp).toBe(true);
    expect(stage.content.ingests().map(({ ref }) => ref)).not.toContain(`fetch-${digest}`);
  });

  it.each([
    ['says that it has 100 MB', { 'content-length': String(100 << 20) }],
    ['has no end', {}],
  ])('does not read a manifest that %s', async (_, headers) => {
    await using stage = await Stage.set();
    let sent = 0;
    stage.server.fault = times(100, '/manifests/v1', (response) => {
      response.writeHead(200, { 'content-type': MEDIA_TYPE.index, ...headers });
      const more = (): void => {
        if (response.destroyed || sent >= 100 << 20) return;
        sent += 65_536;
        response.write(Buffer.alloc(65_536, ' '), () => setImmediate(more));
      };
      more();
    });

    await fails(stage, 'TOO_LARGE', /more than 4194304 bytes/);

    expect(sent).toBeLessThan(50 << 20);
  });

  it('refuses a manifest that is not that of the digest', async () => {
    await using stage = await Stage.set();
    const { digest } = stage.image.manifest;
    stage.server.blobs.set(digest, Buffer.from('{}'.padEnd(stage.image.manifest.size)));

    await fails(stage, 'BAD_CONTENT', /digest is .* should be/, digest);
  });

  it('refuses a tag whose digest is another than the registry says', async () => {
    await using stage = await Stage.set();
    const bytes = stage.image.blobs.get(stage.image.index.digest);
    stage.server.fault = times(9, '/manifests/v1', (response) => {
      const headers = {
        'content-type': MEDIA_TYPE.index,
        'docker-content-digest': digestOf(Buffer.alloc(1)),
      };
      response.writeHead(200, headers).end(bytes);
    });

    await fails(stage, 'BAD_CONTENT', /digest is/);
  });

  it.each([
    [MEDIA_TYPE.manifest, /mediaType/],
    [MEDIA_TYPE.dockerList, /came as/],
    ['text/html', /mediaType/],
    ['application/vnd.docker.distribution.manifest.v1+prettyjws', /before 2016/],
  ])('refuses an index that comes as %s', async (type, message) => {
    await using stage = await Stage.set();
    stage.server.types.set(stage.image.index.digest, type);

    await fails(stage, 'BAD_CONTENT', message);
  });

  it('refuses an index that says it contains itself', async () => {
    await using stage = await Stage.set();
    // Its own digest cannot be in it; so the registry must lie about one of them.
    const self = stage.image.index;
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [self] }),
    );
    stage.server.blobs.set(self.digest, bytes);

    await fails(stage, 'BAD_CONTENT', /digest/);
  });

  it('refuses indexes that are deep in each other', async () => {
    const image = sampleImage(10, 1);
    await using stage = await Stage.set(image);
    let inner = image.index;
    for (let depth = 0; depth < 9; depth += 1) {
      const bytes = Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [inner] }),
      );
      inner = { mediaType: MEDIA_TYPE.index, digest: digestOf(bytes), size: bytes.length };
      stage.server.blobs.set(inner.digest, bytes);
      stage.server.types.set(inner.digest, MEDIA_TYPE.index);
    }
    stage.server.tags.set('v1', inner.digest);

    await fails(stage, 'TOO_LARGE', /indexes in each other/, inner.digest);
  });

  it('ends redirects that lead in a circle', async () => {
    await using stage = await Stage.set();
    stage.server.fault = ({ url = '' }, response) => {
      if (url === '/v2/') return false;
      response.writeHead(302, { location: url }).end();
      return true;
    };

    await fails(stage, 'BAD_RESPONSE', /more than 10 times/);

    expect(stage.server.requests('/manifests/')).toHaveLength(11);
  });

  it('says what a registry without the image says', async () => {
    await using stage = await Stage.set();
    stage.server.tags.clear();

    await fails(stage, 'NOT_FOUND', /cannot read .*app:v1: .* answered 404/);
  });

  it('ends with the reason of the signal, and the layer is resumed later', async () => {
    await using stage = await Stage.set(sampleImage(1000, 1));
    const { digest } = layerOf(stage);
    const controller = new AbortController();
    const bytes = stage.image.blobs.get(digest) ?? Buffer.alloc(0);
    stage.server.fault = times(1, digest, (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(bytes.subarray(0, 300));
    });
    const onProgress = ({ offset }: { offset: number }): void => {
      if (offset === 300) controller.abort(new Error('enough'));
    };
    const pulling = stage
      .client()
      .pull(stage.name(), stage.content, { signal: controller.signal, onProgress });

    await expect(pulling).rejects.toThrow('enough');
    await pulls(stage);

    expect(stage.server.requests(digest).at(-1)?.headers.range).toBe('bytes=300-');
  });
});
