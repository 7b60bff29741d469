import { readImage } from 'coracle/image';
import { familiarName, parseReference } from 'coracle/registry';
import { text, type Command } from '../command.ts';
import type { Engine } from '../engine.ts';
import { platform } from '../format.ts';
import { findImage } from '../names.ts';
import { namesOf } from '../unpacked.ts';

export const inspect: Command = {
  summary: 'print all that is known about images, as JSON',
  usage: 'IMAGE [IMAGE ...] [--platform OS/ARCH[/VARIANT]]',
  help: [['--platform OS/ARCH[/VARIANT]', 'of an image for several, this one']],
  options: { platform: { type: 'string' } },
  args: { min: 1, max: Infinity },
  run({ engine, args, options }) {
    const wanted = platform(text(options, 'platform'));
    const found = args.map((name) => describe(engine, name, wanted));
    process.stdout.write(`${JSON.stringify(found, null, 4)}\n`);
  },
};

/** With the keys of `docker image inspect`. */
function describe(engine: Engine, name: string, wanted: ReturnType<typeof platform>): unknown {
  const image = findImage(engine.content, name);
  const { descriptor, manifest, config } = readImage(engine.content, image.target, wanted);
  const names = namesOf(engine, image).map((each) => parseReference(each));
  const repositories = new Set(names.map(({ domain, path }) => familiarName({ domain, path })));
  return {
    Id: manifest.config.digest,
    RepoTags: names.filter((each) => each.tag !== undefined).map((each) => familiarName(each)),
    RepoDigests: [...repositories].map((each) => `${each}@${image.target.digest}`),
    Created: config.created ?? '',
    Author: config.author ?? '',
    Config: config.config ?? {},
    Architecture: config.architecture,
    ...(config.variant !== undefined && { Variant: config.variant }),
    Os: config.os,
    Size: manifest.layers.reduce((total, layer) => total + layer.size, 0),
    RootFS: { Type: 'layers', Layers: config.rootfs.diff_ids },
    Descriptor: image.target,
    ...(descriptor.digest !== image.target.digest && { Manifest: descriptor }),
  };
}
