/** The server, asked by hand: manifests, tags and referrers (distribution-spec). */
import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '../../src/oci/index.ts';
import { codeOf, digest, upload } from './by-hand.ts';
import { Harbour } from './harbour.ts';
import { digestOf } from './sample-image.ts';

describe('manifests', () => {
  const put = (
    harbour: Harbour,
    name: string,
    document: unknown,
    type: string,
  ): Promise<Response> =>
    harbour.fetch(`app/manifests/${name}`, {
      method: 'PUT',
      body: typeof document === 'string' ? document : JSON.stringify(document),
      headers: { 'content-type': type },
    });
  const layer = { mediaType: MEDIA_TYPE.layer, digest, size: 1000 };
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: { ...layer, mediaType: 'application/vnd.example' },
    layers: [layer],
  };
  const ofManifest = digestOf(Buffer.from(JSON.stringify(manifest)));

  it('are found by tag and by digest', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);

    const response = await put(harbour, 'v1', manifest, MEDIA_TYPE.manifest);
    expect(response.status).toBe(201);
    expect(response.headers.get('docker-content-digest')).toBe(ofManifest);
    for (const name of ['v1', ofManifest]) {
      const got = await harbour.fetch(`app/manifests/${name}`);
      expect(got.headers.get('content-type')).toBe(MEDIA_TYPE.manifest);
      expect(await got.text()).toBe(JSON.stringify(manifest));
      const head = await harbour.fetch(`app/manifests/${name}`, { method: 'HEAD' });
      expect(head.headers.get('docker-content-digest')).toBe(ofManifest);
    }
  });

  it.each([
    ['whose blobs are not there', manifest, MEDIA_TYPE.manifest, 'x', 404, 'MANIFEST_BLOB_UNKNOWN'],
    ['that are no JSON', '{', MEDIA_TYPE.manifest, 'x', 400, 'MANIFEST_INVALID'],
    ['that are something else', manifest, MEDIA_TYPE.index, 'x', 400, 'MANIFEST_INVALID'],
    ['of another digest', manifest, MEDIA_TYPE.manifest, digest, 400, 'DIGEST_INVALID'],
    ['under no tag', manifest, MEDIA_TYPE.manifest, '-x', 400, 'DIGEST_INVALID'],
    [
      'that are too large',
      ' '.repeat((4 << 20) + 1),
      MEDIA_TYPE.manifest,
      'x',
      413,
      'MANIFEST_INVALID',
    ],
  ])('%s are refused', async (_, document, type, name, status, code) => {
    await using harbour = await Harbour.open();
    const response = await put(harbour, name, document, type);
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
    expect((await harbour.fetch('app/tags/list')).status).toBe(404);
  });

  it('lose a tag, or all of them with themselves', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);
    for (const tag of ['a', 'b', 'c']) await put(harbour, tag, manifest, MEDIA_TYPE.manifest);
    const tags = async (): Promise<unknown> => (await harbour.fetch('app/tags/list')).json();

    await harbour.fetch('app/manifests/b', { method: 'DELETE' });
    expect(await tags()).toEqual({ name: 'app', tags: ['a', 'c'] });
    await harbour.fetch(`app/manifests/${ofManifest}`, { method: 'DELETE' });
    expect(await tags()).toEqual({ name: 'app', tags: [] });
    expect((await harbour.fetch('app/manifests/a')).status).toBe(404);
  });

  it('have their tags listed in pages', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);
    for (const tag of ['c', 'a', 'b']) await put(harbour, tag, manifest, MEDIA_TYPE.manifest);

    const first = await harbour.fetch('app/tags/list?n=2');
    expect(await first.json()).toEqual({ name: 'app', tags: ['a', 'b'] });
    expect(first.headers.get('link')).toBe('</v2/app/tags/list?n=2&last=b>; rel="next"');
    const last = await harbour.fetch('app/tags/list?n=2&last=b');
    expect(await last.json()).toEqual({ name: 'app', tags: ['c'] });
    expect(last.headers.get('link')).toBeNull();
    expect((await harbour.fetch('app/tags/list?n=x')).status).toBe(400);
    expect(await (await harbour.fetch('app/tags/list?n=0')).json()).toEqual({
      name: 'app',
      tags: [],
    });
  });

  it('are listed with what they are about', async () => {
    await using harbour = await Harbour.open();
    await upload(harbour);
    const subject = { mediaType: MEDIA_TYPE.manifest, digest: ofManifest, size: 1 };
    const signature = { ...manifest, subject, annotations: { by: 'me' } };
    const sbom = { ...manifest, subject, artifactType: 'application/sbom' };

    const response = await put(harbour, 'sig', signature, MEDIA_TYPE.manifest);
    expect(response.headers.get('oci-subject')).toBe(ofManifest);
    await put(harbour, 'sbom', sbom, MEDIA_TYPE.manifest);

    const all = await harbour.fetch(`app/referrers/${ofManifest}`);
    expect(all.headers.get('content-type')).toBe(MEDIA_TYPE.index);
    expect(await all.json()).toMatchObject({
      manifests: [
        { artifactType: 'application/vnd.example', annotations: { by: 'me' } },
        { artifactType: 'application/sbom' },
      ],
    });
    const some = await harbour.fetch(`app/referrers/${ofManifest}?artifactType=application/sbom`);
    expect(some.headers.get('oci-filters-applied')).toBe('artifactType');
    const { manifests } = (await some.json()) as { manifests: unknown[] };
    expect(manifests).toHaveLength(1);
    const none = await harbour.fetch(`none/referrers/${ofManifest}`);
    expect(await none.json()).toMatchObject({ manifests: [] });
  });
});
