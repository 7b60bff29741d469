import { chooseManifest, hostPlatform } from 'coracle/image';
import { canonicalName, parseReference, withDefaultTag } from 'coracle/registry';
import { isRoot } from 'coracle/sys';
import { argument, text, texts, type Command, type Context } from '../command.ts';
import { platform } from '../format.ts';
import { readUnlessArtifact } from '../names.ts';
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
    using progress = new Progress(options['quiet'] === true ? 'silent' : process.stderr);
    using registry = engine.registry(texts(options, 'insecure'));
    // What is fetched stays when a pull fails, for the next one; not for ever.
    const lease = engine.passingLease();
    const target = await registry.pull(reference, content, {
      lease: lease.id,
      signal,
      ...(options['all-platforms'] !== true && {
        choose: (index) => [chooseManifest(index, wanted, name)],
      }),
      onProgress: (piece) => transferLine(progress, piece, 'Downloading', 'Download complete'),
    });
    content.images.put({ name, target });
    const image = unpacks(context) ? readUnlessArtifact(content, target, wanted) : undefined;
    if (image !== undefined) await unpackIntoSnapshots(engine, image, progress, signal);
    lease.release();
    process.stdout.write(
      options['quiet'] === true ? `${name}\n` : `Digest: ${target.digest}\n${name}\n`,
    );
  },
};

/** Layers have owners and devices, which only root can make. */
function unpacks({ options }: Context): boolean {
  return isRoot() && options['download-only'] !== true && options['all-platforms'] !== true;
}
