import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { exportImages } from 'coracle/image';
import { text, UsageError, type Command, type Options } from '../command.ts';
import { platform } from '../format.ts';
import { findImage } from '../names.ts';
import { makeWhole } from '../unfinished.ts';

export const save: Command = {
  summary: 'write images into an archive',
  usage: 'IMAGE [IMAGE ...] [-o FILE] [OPTION ...]',
  help: [
    ['-o, --output FILE', 'where to; else stdout'],
    ['--format docker|oci', 'docker’s form, which is OCI’s too, or OCI’s alone; default docker'],
    ['--platform OS/ARCH[/VARIANT]', 'of an image for several, this one'],
  ],
  options: {
    output: { type: 'string', short: 'o' },
    format: { type: 'string', default: 'docker' },
    platform: { type: 'string' },
  },
  args: { min: 1, max: Infinity },
  async run({ engine, args, options, signal }) {
    const images = args.map((each) => {
      const { name, target } = findImage(engine.content, each);
      return { name, descriptor: target };
    });
    const wanted = platform(text(options, 'platform'));
    const archive = exportImages(engine.content, images, {
      format: formatOf(options),
      signal,
      ...(wanted !== undefined && { platform: wanted }),
    });
    const output = text(options, 'output');
    if (output !== undefined) {
      return makeWhole(output, (file) =>
        pipeline(archive, createWriteStream(file, { mode: 0o600 }), { signal }),
      );
    }
    if (process.stdout.isTTY) throw new UsageError('an archive is nothing to read: give -o FILE');
    await pipeline(archive, process.stdout, { signal });
  },
};

function formatOf(options: Options): 'docker' | 'oci' {
  const format = text(options, 'format');
  if (format === 'docker' || format === 'oci') return format;
  throw new UsageError(`--format ${format ?? ''}: it is docker or oci`);
}
