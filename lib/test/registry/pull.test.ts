import { expect, it } from 'vitest';
import type { Progress } from '../../src/registry/index.ts';
import { describeBytes, sampleImage } from './sample-image.ts';
import { Stage } from './stage.ts';

it('pulls an image by its tag, and each piece keeps the next', async () => {
  await using stage = await Stage.set();
  const { image, content } = stage;

  const root = await stage.client().pull(stage.name(), content);

  expect(root).toEqual(image.index);
  for (const [digest, bytes] of image.blobs) expect(content.read(digest)).toEqual(bytes);
  const source = { [`containerd.io/distribution.source.${stage.server.host}`]: 'app' };
  expect(content.info(image.index.digest).labels).toEqual({
    'containerd.io/gc.ref.content.m.0': image.manifest.digest,
    'containerd.io/gc.ref.content.m.1': image.otherManifest.digest,
    ...source,
  });
  expect(content.info(image.manifest.digest).labels).toEqual({
    'containerd.io/gc.ref.content.config': image.config.digest,
    'containerd.io/gc.ref.content.l.0': image.layers[0]?.digest,
    'containerd.io/gc.ref.content.l.1': image.layers[1]?.digest,
    'containerd.io/gc.ref.content.l.2': image.layers[2]?.digest,
    'containerd.io/gc.ref.content.l.3': image.layers[3]?.digest,
    ...source,
  });
  expect(content.info(image.config.digest).labels).toEqual(source);
});

it('takes the chosen platform only, and fetches nothing that is there', async () => {
  await using stage = await Stage.set();
  const { image, content, server } = stage;
  const client = stage.client();
  const choose = () => [image.manifest];

  await client.pull(stage.name(), content, { choose });
  expect(content.has(image.layers[0]?.digest ?? image.config.digest)).toBe(true);
  expect(content.has(image.otherManifest.digest)).toBe(false);
  expect(server.requests(image.otherManifest.digest)).toEqual([]);

  server.seen.length = 0;
  const seen: Progress[] = [];
  await client.pull(stage.name(), content, { choose, onProgress: (each) => seen.push(each) });
  expect(server.seen.map(({ method }) => method)).toEqual(['HEAD']);
  expect(new Set(seen.map(({ status }) => status))).toEqual(
    new Set(['resolved', 'waiting', 'exists', 'done']),
  );

  await client.pull(stage.name(), content);
  expect(content.has(image.otherManifest.digest)).toBe(true);
});

it('keeps everything under the lease, from the first byte on', async () => {
  await using stage = await Stage.set();
  const { image, content } = stage;
  const lease = content.leases.create();

  await stage.client().pull(stage.name(), content, { lease: lease.id });
  content.collect();
  for (const digest of image.blobs.keys()) expect(content.has(digest)).toBe(true);

  lease.release();
  content.collect();
  for (const digest of image.blobs.keys()) expect(content.has(digest)).toBe(false);
});

it('labels what a name keeps, so that only that is kept', async () => {
  await using stage = await Stage.set();
  const { image, content } = stage;
  const lease = content.leases.create();
  const choose = () => [image.manifest];
  const target = await stage.client().pull(stage.name(), content, { choose, lease: lease.id });

  content.images.put({ name: 'app', target });
  lease.release();
  content.collect();

  for (const { digest } of [image.index, image.manifest, image.config, ...image.layers]) {
    expect(content.has(digest)).toBe(true);
  }
});

it('tells how far each piece is', async () => {
  await using stage = await Stage.set(sampleImage(200_000, 1));
  const { image, content } = stage;
  const [layer = image.config] = image.layers;
  const seen: Progress[] = [];

  await stage.client().pull(stage.name(), content, { onProgress: (each) => seen.push(each) });

  const ofLayer = seen.filter(({ descriptor }) => descriptor.digest === layer.digest);
  expect([...new Set(ofLayer.map(({ status }) => status))]).toEqual([
    'waiting',
    'transferring',
    'done',
  ]);
  const offsets = ofLayer.map(({ offset }) => offset);
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  expect(offsets.at(-1)).toBe(layer.size);
  expect(seen[0]).toEqual({ status: 'resolved', descriptor: image.index, offset: 0 });
});

it('fetches three blobs at a time', async () => {
  await using stage = await Stage.set(sampleImage(1000, 8));
  let open = 0;
  let most = 0;
  stage.server.fault = (request, response) => {
    if (request.url?.includes('/blobs/') !== true) return false;
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => {
      open -= 1;
      stage.server.serve(request, response);
    });
    return true;
  };

  await stage.client().pull(stage.name(), stage.content);

  expect(most).toBe(3);
});

it('waits for another pull of the same layer', async () => {
  await using stage = await Stage.set();
  const { image, content, server } = stage;
  const [{ digest, size } = image.config] = image.layers;
  const other = content.ingest(`fetch-${digest}`, { total: size, digest });
  const pulling = stage.client().pull(stage.name(), content);

  await expect.poll(() => stage.clock.waits.includes(250)).toBe(true);
  other.write(image.blobs.get(digest) ?? Buffer.alloc(0));
  other.commit({});

  expect(await pulling).toEqual(image.index);
  expect(server.requests(digest)).toEqual([]);
});

it('takes artifacts: what is no image, and no manifest', async () => {
  await using stage = await Stage.set();
  const { image, content, server } = stage;
  const blob = { ...image.config, mediaType: 'application/vnd.example' };
  const index = { schemaVersion: 2, mediaType: image.index.mediaType, manifests: [blob] };
  const bytes = Buffer.from(JSON.stringify(index));
  const { digest, mediaType } = describeBytes(image.index.mediaType, bytes);
  server.blobs.set(digest, bytes);
  server.types.set(digest, mediaType);

  await stage.client().pull(stage.name(`app@${digest}`), content);

  expect(content.has(blob.digest)).toBe(true);
});
