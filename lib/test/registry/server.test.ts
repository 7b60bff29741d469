/** The server, asked by hand: blobs, uploads, and who may ask (distribution-spec). */
import { request } from 'node:http';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderNames, serveRegistry } from '../../src/registry/index.ts';
import { blob, codeOf, digest, upload } from './by-hand.ts';
import { Harbour } from './harbour.ts';
import { digestOf } from './sample-image.ts';

describe('the API', () => {
  it.each([
    ['GET', '', 200, undefined],
    ['GET', 'nonsense', 404, 'UNSUPPORTED'],
    ['GET', 'App/tags/list', 400, 'NAME_INVALID'],
    ['GET', 'a%2f..%2fb/tags/list', 400, 'NAME_INVALID'],
    ['GET', `${'a'.repeat(256)}/tags/list`, 400, 'NAME_INVALID'],
    ['GET', 'app/tags/list', 404, 'NAME_UNKNOWN'],
    ['POST', 'app/tags/list', 405, 'UNSUPPORTED'],
    ['GET', 'app/blobs/sha256:12', 400, 'DIGEST_INVALID'],
    ['GET', `app/blobs/${digest}`, 404, 'BLOB_UNKNOWN'],
    ['DELETE', `app/blobs/${digest}`, 404, 'BLOB_UNKNOWN'],
    ['GET', 'app/manifests/v1', 404, 'MANIFEST_UNKNOWN'],
    ['GET', `app/manifests/${digest}`, 404, 'MANIFEST_UNKNOWN'],
    ['DELETE', 'app/manifests/v1', 404, 'MANIFEST_UNKNOWN'],
    ['GET', 'app/manifests/-x', 400, 'DIGEST_INVALID'],
    ['GET', 'app/manifests/%zz', 400, 'UNSUPPORTED'],
    ['PATCH', 'app/blobs/uploads/none', 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['PUT', `app/blobs/uploads/none?digest=${digest}`, 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['PUT', 'app/blobs/uploads/none', 400, 'DIGEST_INVALID'],
  ])('answers %s %s with %i %s', async (method, at, status, code) => {
    await using harbour = await Harbour.open();

    const response = await harbour.fetch(at, { method });

    expect(response.status).toBe(status);
    if (code !== undefined) expect(await codeOf(response)).toBe(code);
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect(harbour.errors).toEqual([]);
  });
});

describe('blobs', () => {
  it('come back as they were put', async () => {
    await using harbour = await Harbour.open();

    const put = await upload(harbour);
    expect(put.status).toBe(201);
    expect(put.headers.get('location')).toBe(`/v2/app/blobs/${digest}`);
    expect(put.headers.get('docker-content-digest')).toBe(digest);

    const got = await harbour.fetch(`app/blobs/${digest}`);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(blob);
    const head = await harbour.fetch(`app/blobs/${digest}`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('1000');
  });

  it('are of one repository only', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);
    expect((await harbour.fetch(`other/blobs/${digest}`)).status).toBe(404);
  });

  it.each([
    ['bytes=10-19', 206, 'bytes 10-19/1000', [10, 20]],
    ['bytes=990-', 206, 'bytes 990-999/1000', [990, 1000]],
    ['bytes=990-2000', 206, 'bytes 990-999/1000', [990, 1000]],
    ['bytes=-10', 206, 'bytes 990-999/1000', [990, 1000]],
    ['bytes=-2000', 206, 'bytes 0-999/1000', [0, 1000]],
    ['bytes=0-1,5-6', 200, null, [0, 1000]],
    ['bytes=x', 200, null, [0, 1000]],
    ['bytes=-', 200, null, [0, 1000]],
  ])('come in parts: %s', async (range, status, contentRange, [start, end]) => {
    await using harbour = await Harbour.open();
    await upload(harbour);

    const response = await harbour.fetch(`app/blobs/${digest}`, { headers: { range } });

    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(blob.subarray(start, end));
  });

  it.each(['bytes=1000-', 'bytes=20-10', 'bytes=-0'])('have no part %s', async (range) => {
    await using harbour = await Harbour.open();
    await upload(harbour);

    const response = await harbour.fetch(`app/blobs/${digest}`, { headers: { range } });

    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */1000');
  });

  it('may be empty', async () => {
    await using harbour = await Harbour.open();
    const empty = Buffer.alloc(0);
    expect((await upload(harbour, empty)).status).toBe(201);
    const response = await harbour.fetch(`app/blobs/${digestOf(empty)}`);
    expect(await response.text()).toBe('');
  });

  it('are deleted', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);
    expect((await harbour.fetch(`app/blobs/${digest}`, { method: 'DELETE' })).status).toBe(202);
    expect((await harbour.fetch(`app/blobs/${digest}`)).status).toBe(404);
  });
});

describe('uploads', () => {
  it('go on where they are, and nowhere else', async () => {
    await using harbour = await Harbour.open();
    const begun = await harbour.fetch('app/blobs/uploads/', { method: 'POST' });
    const at = (begun.headers.get('location') ?? '').replace('/v2/', '');
    const patch = (start: number, end: number): Promise<Response> =>
      harbour.fetch(at, {
        method: 'PATCH',
        headers: { 'content-range': `${start}-${end - 1}` },
        body: blob.subarray(start, end),
      });
    expect(begun.status).toBe(202);

    expect((await patch(0, 400)).headers.get('range')).toBe('0-399');
    const wrong = await patch(500, 1000);
    expect(wrong.status).toBe(416);
    expect(wrong.headers.get('range')).toBe('0-399');
    const status = await harbour.fetch(at);
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-399']);
    expect((await harbour.fetch(at.replace('app', 'other'))).status).toBe(404);
    await patch(400, 900);
    const put = await harbour.fetch(`${at}?digest=${digest}`, {
      method: 'PUT',
      body: blob.subarray(900),
    });
    expect(put.status).toBe(201);
    expect((await harbour.fetch(at)).status).toBe(404);
  });

  it('of another content are refused, and nothing is kept', async () => {
    await using harbour = await Harbour.open();
    const begun = await harbour.fetch('app/blobs/uploads/', { method: 'POST' });
    const at = (begun.headers.get('location') ?? '').replace('/v2/', '');

    const put = await harbour.fetch(`${at}?digest=${digest}`, { method: 'PUT', body: 'x' });

    expect(put.status).toBe(400);
    expect(await codeOf(put)).toBe('DIGEST_INVALID');
    expect(harbour.remote.ingests()).toEqual([]);
    expect((await harbour.fetch(at)).status).toBe(404);
  });

  it('may be one request', async () => {
    await using harbour = await Harbour.open();
    const at = `app/blobs/uploads/?digest=${digest}`;
    expect((await harbour.fetch(at, { method: 'POST', body: blob })).status).toBe(201);
  });

  it('may be none, where another repository has the blob', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour, blob, 'from/here');
    const mount = (from: string): Promise<Response> =>
      harbour.fetch(`to/there/blobs/uploads/?mount=${digest}&from=${from}`, { method: 'POST' });

    expect((await mount('from/nowhere')).status).toBe(202);
    expect((await mount('from/here')).status).toBe(201);
    expect((await harbour.fetch(`to/there/blobs/${digest}`)).status).toBe(200);
  });

  it('are cancelled', async () => {
    await using harbour = await Harbour.open();
    const begun = await harbour.fetch('app/blobs/uploads/', { method: 'POST' });
    const at = (begun.headers.get('location') ?? '').replace('/v2/', '');

    expect((await harbour.fetch(at, { method: 'DELETE' })).status).toBe(204);
    expect(harbour.remote.ingests()).toEqual([]);
  });

  it('that are too large are refused, with or without a length', async () => {
    await using harbour = await Harbour.open({ maxBlobSize: 999 });
    expect((await upload(harbour)).status).toBe(413);
    const begun = await harbour.fetch('app/blobs/uploads/', { method: 'POST' });
    const at = begun.headers.get('location') ?? '';
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const url = `http://${harbour.server.host}${at}`;
      const patch = request(url, { method: 'PATCH' }, ({ statusCode }) => resolve(statusCode));
      patch.on('error', reject).write(blob.subarray(0, 500));
      patch.write(blob.subarray(500));
    });
    expect(status).toBe(413);
    expect(harbour.remote.ingests()).toEqual([]);
  });
});

it('lets in whom it is told to', async () => {
  const authenticate = (name: string, password: string): boolean =>
    name === 'me' && password === 'a:b';
  await using harbour = await Harbour.open({ authenticate });
  const as = (text: string): Promise<Response> =>
    harbour.fetch('', { headers: { authorization: `Basic ${btoa(text)}` } });

  const refused = await harbour.fetch('');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('Basic realm="coracle"');
  expect((await as('me:a')).status).toBe(401);
  expect((await as('me')).status).toBe(401);
  expect((await as('me:a:b')).status).toBe(200);
});

it('knows its names again when it is started anew', async () => {
  await using harbour = await Harbour.open();
  const { client, image, local, remote, folder } = harbour;
  await client.push(image.index, harbour.name('app:v1'), local);
  await harbour.server.close();

  const names = folderNames(path.join(folder, 'names'));
  harbour.server = await serveRegistry({ content: remote, names });

  expect(await client.resolve(harbour.name('app:v1'))).toEqual(image.index);
});
