import { argument, type Command } from '../command.ts';
import { findImage, storedName } from '../names.ts';

export const tag: Command = {
  summary: 'give an image another name',
  usage: 'IMAGE NAME[:TAG]',
  help: [],
  options: {},
  args: { min: 2, max: 2 },
  run(context) {
    const { images } = context.engine.content;
    const { target } = findImage(context.engine.content, argument(context, 0));
    images.put({ name: storedName(argument(context, 1)), target });
  },
};
