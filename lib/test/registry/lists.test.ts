import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '../../src/oci/index.ts';
import { Stage } from './stage.ts';

/** Serves lists: by the path and query of a page, its body and Link. */
function lists(stage: Stage, pages: Readonly<Record<string, [unknown, string?]>>): void {
  stage.server.fault = ({ url = '' }, response: ServerResponse) => {
    const page = Object.hasOwn(pages, url) ? pages[url] : undefined;
    if (page === undefined) return false;
    const [body, link] = page;
    response.writeHead(200, link === undefined ? {} : { link: `<${link}>; rel="next"` });
    response.end(JSON.stringify(body));
    return true;
  };
}

const FIRST = '/v2/app/tags/list?n=1000';
const tagsOf = (stage: Stage): Promise<string[]> =>
  Array.fromAsync(stage.client().tags(stage.name('app')));

describe('tags', () => {
  it('come page by page', async () => {
    await using stage = await Stage.set();
    lists(stage, {
      [FIRST]: [{ tags: ['a', 'b'] }, '/v2/app/tags/list?last=b'],
      '/v2/app/tags/list?last=b': [{ tags: [] }, '?last=c'],
      '/v2/app/tags/list?last=c': [{ tags: ['d'] }],
    });
    expect(await tagsOf(stage)).toEqual(['a', 'b', 'd']);
  });

  it('are fetched only as far as somebody wants them', async () => {
    await using stage = await Stage.set();
    lists(stage, { [FIRST]: [{ tags: ['a', 'b'] }, '/v2/app/tags/list?last=b'] });
    for await (const tag of stage.client().tags(stage.name('app'))) {
      expect(tag).toBe('a');
      break;
    }
    expect(stage.server.requests('/tags/')).toHaveLength(1);
  });

  it('may be none', async () => {
    await using stage = await Stage.set();
    lists(stage, { [FIRST]: [{ name: 'app', tags: null }] });
    expect(await tagsOf(stage)).toEqual([]);
  });

  it.each([
    ['no list', { tags: 'a' }, undefined, 'no list'],
    ['what is no tag', { tags: ['a', '../b'] }, undefined, '../b'],
    ['what is no text', { tags: [7] }, undefined, 'which is none'],
    ['a next page that is this one', { tags: [] }, FIRST, 'leads to itself'],
    ['a next page elsewhere', { tags: [] }, 'http://127.0.0.1:1/x', 'at another place'],
  ])('that are %s are refused', async (_, body, link, message) => {
    await using stage = await Stage.set();
    lists(stage, { [FIRST]: link === undefined ? [body] : [body, link] });
    await expect(tagsOf(stage)).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('that lead in a circle come to an end', async () => {
    await using stage = await Stage.set();
    lists(stage, {
      [FIRST]: [{ tags: ['a'] }, '/v2/app/tags/list?2'],
      '/v2/app/tags/list?2': [{ tags: ['b'] }, '/v2/app/tags/list?3'],
      '/v2/app/tags/list?3': [{ tags: ['c'] }, '/v2/app/tags/list?2'],
    });
    await expect(tagsOf(stage)).rejects.toThrow('leads in a circle');
    expect(stage.server.requests('/tags/')).toHaveLength(3);
  });

  it('of a repository that is not there are an error', async () => {
    await using stage = await Stage.set();
    await expect(tagsOf(stage)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('referrers', () => {
  it('come page by page, and only those of the type', async () => {
    await using stage = await Stage.set();
    const { manifest } = stage.image;
    const first = `/v2/app/referrers/${manifest.digest}?artifactType=a%2Fb`;
    const index = (...artifactTypes: string[]) => ({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.index,
      manifests: artifactTypes.map((artifactType) => ({ ...manifest, artifactType })),
    });
    lists(stage, {
      [first]: [index('a/b', 'c/d'), '/v2/app/referrers/next'],
      '/v2/app/referrers/next': [index('a/b')],
    });

    const found = await stage
      .client()
      .referrers(stage.name('app'), manifest.digest, { artifactType: 'a/b' });

    expect(found).toEqual([
      { ...manifest, artifactType: 'a/b' },
      { ...manifest, artifactType: 'a/b' },
    ]);
  });

  it('are in a tag where the registry has no such lists', async () => {
    await using stage = await Stage.set();
    const { index, manifest, otherManifest } = stage.image;
    stage.server.tags.set(manifest.digest.replace(':', '-'), index.digest);

    const found = await stage.client().referrers(stage.name('app'), manifest.digest);

    expect(found.map(({ digest }) => digest)).toEqual([manifest.digest, otherManifest.digest]);
  });

  it('are none where there is no such tag either', async () => {
    await using stage = await Stage.set();
    const found = await stage.client().referrers(stage.name('app'), stage.image.config.digest);
    expect(found).toEqual([]);
  });
});
