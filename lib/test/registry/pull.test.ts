import { expect, it } from 'vitest';
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
