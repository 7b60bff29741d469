import { choosePlatform, hostPlatform, readImage } from 'coracle/image';
import type { ImageIndex, Platform } from 'coracle/oci';
import { canonicalName, parseReference, withDefaultTag } from 'coracle/registry';
import { isRoot } from 'coracle/sys';
import { argument, text, texts, type Command, type Context } from '../command.ts';
import { platform } from '../format.ts';
import { Progress } from '../progress.ts';
import { transferLine } from '../transfer-line.ts';
import { unpackIntoSnapshots } from '../unpacked.ts';

export const pull: Command = {
  summary: 'fetch an image from a registry',
  usage: 'NAME[:TAG|@DIGEST] [OPTION ...]',
  help: [
    ['--platform OS/ARCH[/VARIANT]', 'of an image for several, this one; default: this machine’s'],
    ['--all-platforms', 'all of them; nothing is unpacked'],
    ['--download-only', 'do not unpack; without root nothing is'],
    ['--insecure HOST', 'ask this host in the clear too; may be given again'],
    ['-q, --quiet', 'print the name alone'],
  ],
  options: {
    platform: { type: 'string' },
    'all-platforms': { type: 'boolean' },
    'download-only': { type: 'boolean' },
    insecure: { type: 'string', multiple: true },
    quiet: { type: 'boolean', short: 'q' },
  },
  args: { min: 1, max: 1 },
  async run(context) {
    const { engine, options, signal } = context;
    const { content } = engine;
    const reference = withDefaultTag(parseReference(argument(context, 0)));
    const name = canonicalName(reference);
    const wanted = platform(text(options, 'platform')) ?? hostPlatform();
    using progress = new Progress(quietly(options['quiet'] === true));
    using registry = engine.registry(texts(options, 'insecure'));
    // What is fetched stays when a pull fails, for the next one; not for ever.
    using lease = content.leases.create({ expires: new Date(Date.now() + DAY) });
    const target = await registry.pull(reference, content, {
      lease: lease.id,
      signal,
      ...(options['all-platforms'] !== true && { choose: only(wanted) }),
      onProgress: (piece) => transferLine(progress, piece, 'Downloading', 'Download complete'),
    });
    content.images.put({ name, target });
    if (unpacks(context)) {
      await unpackIntoSnapshots(engine, readImage(content, target, wanted), progress, signal);
    }
    lease.release();
    process.stdout.write(
      options['quiet'] === true ? `${name}\n` : `Digest: ${target.digest}\n${name}\n`,
    );
  },
};

const DAY = 86_400_000;

/** An index's manifests for a platform: the one that runs there. */
function only(wanted: Platform): (index: ImageIndex) => ImageIndex['manifests'] {
  return ({ manifests }) => {
    const chosen = choosePlatform(manifests, wanted);
    return chosen === undefined ? [] : [chosen];
  };
}

/** Layers have owners and devices, which only root can make. */
function unpacks({ options }: Context): boolean {
  return isRoot() && options['download-only'] !== true && options['all-platforms'] !== true;
}

/** Where progress goes: nowhere if it is not wanted. */
function quietly(quiet: boolean): NodeJS.WriteStream {
  if (!quiet) return process.stderr;
  return { isTTY: false, write: () => true } as unknown as NodeJS.WriteStream;
}
