import { familiarName, parseReference, withDefaultTag } from 'coracle/registry';
import { argument, texts, type Command } from '../command.ts';
import { findImage } from '../names.ts';
import { Progress } from '../progress.ts';
import { transferLine } from '../transfer-line.ts';

export const push: Command = {
  summary: 'put an image into a registry, under the name that it has here',
  usage: 'NAME[:TAG] [OPTION ...]',
  help: [['--insecure HOST', 'ask this host in the clear too; may be given again']],
  options: { insecure: { type: 'string', multiple: true } },
  args: { min: 1, max: 1 },
  async run(context) {
    const { engine, options, signal } = context;
    const name = argument(context, 0);
    const { target } = findImage(engine.content, name);
    const reference = withDefaultTag(parseReference(name));
    using progress = new Progress();
    using registry = engine.registry(texts(options, 'insecure'));
    await registry.push(target, reference, engine.content, {
      signal,
      onProgress: (piece) => transferLine(progress, piece, 'Pushing', 'Pushed'),
    });
    process.stdout.write(
      `${familiarName(reference)}: digest: ${target.digest} size: ${target.size}\n`,
    );
  },
};
