import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CoracleError } from 'coracle/base';
import { imageSpec, layerSources, readImage, unpackLayer, type ReadImage } from 'coracle/image';
import { readHost } from 'coracle/cgroups';
import { argument, text, texts, type Command, type Context } from '../command.ts';
import { platform } from '../format.ts';
import { findImage } from '../names.ts';
import { Progress } from '../progress.ts';
import { makeWhole } from '../unfinished.ts';

export const unpack: Command = {
  summary: 'make a bundle of an image, which coracle-runtime runs',
  usage: 'IMAGE DIR [OPTION ...]',
  help: [
    ['--platform OS/ARCH[/VARIANT]', 'of an image for several, this one'],
    ['--command ARG', 'in place of the image’s Cmd; given again for each argument'],
    ['--entrypoint ARG', 'in place of the image’s Entrypoint; given again for each argument'],
    ['-e, --env NAME=VALUE', 'set in the environment; may be given again'],
    ['-w, --workdir DIR', 'where the process begins'],
    ['-u, --user USER[:GROUP]', 'who it runs as'],
    ['-t, --tty', 'with a terminal'],
  ],
  options: {
    platform: { type: 'string' },
    command: { type: 'string', multiple: true },
    entrypoint: { type: 'string', multiple: true },
    env: { type: 'string', short: 'e', multiple: true },
    workdir: { type: 'string', short: 'w' },
    user: { type: 'string', short: 'u' },
    tty: { type: 'boolean', short: 't' },
  },
  args: { min: 2, max: 2 },
  async run(context) {
    const { content } = context.engine;
    const { target } = findImage(content, argument(context, 0));
    const image = readImage(content, target, platform(text(context.options, 'platform')));
    const bundle = path.resolve(argument(context, 1));
    if (existsSync(bundle)) {
      throw new CoracleError('EXISTS', `${bundle} is there already: remove it, or name another`);
    }
    await makeWhole(bundle, (unfinished) => fill(context, image, unfinished));
  },
};

async function fill(context: Context, image: ReadImage, bundle: string): Promise<void> {
  const { engine, options, signal } = context;
  using progress = new Progress();
  const rootfs = path.join(bundle, 'rootfs');
  mkdirSync(bundle, { recursive: true, mode: 0o700 });
  mkdirSync(rootfs, { mode: 0o755 });
  for (const { blob, diffId } of layerSources(engine.content, image)) {
    const name = diffId.slice(7, 19);
    await unpackLayer(blob, diffId, rootfs, {
      form: 'plain',
      signal,
      onProgress: (bytes) => progress.set(name, { state: 'Extracting', done: bytes }),
    });
    progress.set(name, { state: 'Extracted' });
  }
  const spec = imageSpec(image.config, rootfs, {
    ...lists(options),
    terminal: options['tty'] === true,
    cgroup2: readHost().kind === 'v2',
  });
  writeFileSync(path.join(bundle, 'config.json'), `${JSON.stringify(spec, null, 4)}\n`);
}

/** What was given; what was not stays the image's. */
function lists(options: Context['options']): Partial<Parameters<typeof imageSpec>[2]> {
  const entrypoint = texts(options, 'entrypoint');
  const cwd = text(options, 'workdir');
  const user = text(options, 'user');
  return {
    ...(entrypoint.length > 0 && { entrypoint }),
    args: texts(options, 'command'),
    env: texts(options, 'env'),
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { user }),
  };
}
