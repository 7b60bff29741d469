/** A registry in passing trouble: it stalls, cuts, answers 500, and the pull succeeds. */
import { describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { Stage } from './stage.ts';
import { layerOf, pulls, times } from './troubles.ts';

describe('what passes', () => {
  it('goes on with a layer whose connection was cut', async () => {
    await using stage = await Stage.set();
    const { digest, size } = layerOf(stage);
    const half = (stage.image.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, size / 2);
    stage.server.fault = times(1, digest, (response) => {
      response.writeHead(200, { 'content-length': size });
      response.write(half, () => response.destroy());
    });

    await pulls(stage);

    const [first, second] = stage.server.requests(digest);
    expect(first?.headers.range).toBeUndefined();
    expect(second?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('goes on with a layer that ended early as if that were all', async () => {
    await using stage = await Stage.set();
    const { digest } = layerOf(stage);
    stage.server.fault = times(1, digest, (response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.end((stage.image.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, 1000));
    });

    await pulls(stage);

    expect(stage.server.requests(digest)[1]?.headers.range).toBe('bytes=1000-');
  });

  it('goes on with a layer that stalled', async () => {
    await using stage = await Stage.set();
    const { digest, size } = layerOf(stage);
    stage.server.fault = times(1, digest, (response) => {
      response.writeHead(200, { 'content-length': size });
      response.write((stage.image.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, 10), () =>
        setImmediate(() => stage.clock.stall()),
      );
    });

    await pulls(stage);

    expect(stage.server.requests(digest)).toHaveLength(2);
  });

  it('begins anew where a registry knows no ranges', async () => {
    await using stage = await Stage.set();
    const { digest, size } = layerOf(stage);
    const bytes = stage.image.blobs.get(digest) ?? Buffer.alloc(0);
    let cut = true;
    stage.server.fault = ({ url = '' }, response) => {
      if (!url.includes(digest)) return false;
      response.writeHead(200, { 'content-length': size });
      if (cut) response.write(bytes.subarray(0, 5000), () => response.destroy());
      else response.end(bytes);
      cut = false;
      return true;
    };

    await pulls(stage);
  });

  it('takes every third request failing with 500', async () => {
    await using stage = await Stage.set();
    let count = 0;
    stage.server.fault = ({ url }, response) => {
      count += 1;
      if (url === '/v2/' || count % 3 !== 0) return false;
      response.writeHead(500).end();
      return true;
    };

    await pulls(stage);
  });

  it('waits as long as a registry asks for', async () => {
    await using stage = await Stage.set();
    const answer = (response: ServerResponse) =>
      response.writeHead(429, { 'retry-after': '7' }).end();
    stage.server.fault = times(1, stage.image.manifest.digest, answer);

    await pulls(stage);

    expect(stage.clock.waits).toEqual([7000]);
  });

  it('follows redirects to a store of blobs', async () => {
    await using stage = await Stage.set();
    await using elsewhere = await Stage.set(stage.image);
    stage.server.fault = ({ url = '' }, response) => {
      if (!url.includes('/blobs/')) return false;
      response.writeHead(307, { location: `http://${elsewhere.server.host}${url}` }).end();
      return true;
    };

    await pulls(stage);

    expect(elsewhere.server.requests('/blobs/')).not.toHaveLength(0);
  });

  it('resumes what an earlier pull left', async () => {
    await using stage = await Stage.set();
    const { digest, size } = layerOf(stage);
    using ingest = stage.content.ingest(`fetch-${digest}`, { total: size, digest });
    ingest.write((stage.image.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, 12_345));
    ingest.close();

    await pulls(stage);

    expect(stage.server.requests(digest).map(({ headers }) => headers.range)).toEqual([
      'bytes=12345-',
    ]);
  });

  it('begins anew where what an earlier pull left is wrong', async () => {
    await using stage = await Stage.set();
    const { digest, size } = layerOf(stage);
    using ingest = stage.content.ingest(`fetch-${digest}`, { total: size, digest });
    ingest.write(Buffer.alloc(12_345));
    ingest.close();

    await pulls(stage);

    expect(stage.server.requests(digest)).toHaveLength(2);
  });
});
