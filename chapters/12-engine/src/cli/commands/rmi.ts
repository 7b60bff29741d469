import type { Command } from '../command.ts';
import { findImage, shownName } from '../names.ts';
import { collectGarbage, namesOf } from '../unpacked.ts';

export const rmi: Command = {
  summary: 'remove names, and what no other image needs',
  usage: 'IMAGE [IMAGE ...]',
  help: [],
  options: {},
  args: { min: 1, max: Infinity },
  async run({ engine, args }) {
    // All are looked up before one goes: a wrong name leaves everything as it is.
    const names = args.flatMap((each) => {
      const image = findImage(engine.content, each);
      const byId = /^(?:sha256:)?[0-9a-f]{4,64}$/.test(each) && image.name !== each;
      return byId ? namesOf(engine, image) : [image.name];
    });
    for (const name of new Set(names)) {
      engine.content.images.delete(name);
      const { repository, tag } = shownName(name);
      process.stdout.write(`Untagged: ${repository}:${tag}\n`);
    }
    await collectGarbage(engine);
  },
};
