import { createWriteStream, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { importImages, type ImportedImage } from 'coracle/image';
import { isRoot } from 'coracle/sys';
import { text, UsageError, type Command, type Context } from '../command.ts';
import { nameOfImport, shownName, storedName, tryRead } from '../names.ts';
import { Progress } from '../progress.ts';
import { beginUnfinished } from '../unfinished.ts';
import { unpackIntoSnapshots } from '../unpacked.ts';

export const load: Command = {
  summary: 'take images from an archive or an image layout',
  usage: '[-i FILE] [OPTION ...]',
  help: [
    [
      '-i, --input FILE',
      'a tar archive of docker save, podman save or skopeo, or a layout; else stdin',
    ],
    ['--name NAME[:TAG]', 'what to call an image that has no name there'],
    ['--no-unpack', 'do not unpack; without root nothing is'],
  ],
  options: {
    input: { type: 'string', short: 'i' },
    name: { type: 'string' },
    'no-unpack': { type: 'boolean' },
  },
  args: { min: 0, max: 0 },
  async run(context) {
    const input = text(context.options, 'input');
    if (input !== undefined) return loadFrom(context, input, path.parse(input).name);
    if (process.stdin.isTTY) throw new UsageError('give an archive by -i FILE, or on stdin');
    // What is a folder, an archive or a compressed one is found by looking into it, which needs a file.
    const file = beginUnfinished(path.join(context.engine.content.root, 'load'));
    try {
      await pipeline(process.stdin, createWriteStream(file), { signal: context.signal });
      await loadFrom(context, file, 'stdin');
    } finally {
      rmSync(file, { force: true });
    }
  },
};

async function loadFrom(context: Context, source: string, base: string): Promise<void> {
  const { engine, options } = context;
  using progress = new Progress();
  const lease = engine.passingLease();
  try {
    const images = await bring(context, source, lease.id, progress);
    const given = text(options, 'name');
    if (given !== undefined && images.length !== 1) {
      throw new UsageError(`--name names one image, and ${source} has ${images.length}`);
    }
    for (const image of images) await keep(context, image, namesFor(image, given, base), progress);
  } finally {
    lease.release();
  }
}

function bring(
  { engine, signal }: Context,
  source: string,
  lease: string,
  progress: Progress,
): Promise<ImportedImage[]> {
  return importImages(engine.content, source, {
    lease,
    signal,
    onProgress: ({ file, offset, size }) =>
      progress.set(path.basename(file).slice(0, 12), {
        state: offset === size ? 'Loaded' : 'Loading',
        done: offset,
        total: size,
      }),
  });
}

async function keep(
  { engine, options, signal }: Context,
  { descriptor }: ImportedImage,
  names: readonly string[],
  progress: Progress,
): Promise<void> {
  for (const name of names) engine.content.images.put({ name, target: descriptor });
  if (isRoot() && options['no-unpack'] !== true) {
    // It has been checked; artifacts, and images for other machines alone, are not unpacked.
    const image = tryRead(engine.content, descriptor);
    if (image !== undefined) await unpackIntoSnapshots(engine, image, progress, signal);
  }
  for (const { repository, tag } of names.map(shownName)) {
    process.stdout.write(`Loaded image: ${repository}:${tag}\n`);
  }
}

function namesFor({ names }: ImportedImage, given: string | undefined, base: string): string[] {
  if (given !== undefined) return [storedName(given)];
  return names.length === 0
    ? [nameOfImport('latest', base)]
    : names.map((name) => nameOfImport(name, base));
}
