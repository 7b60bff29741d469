/** The words of the command line, in the learner's language. */
import path from 'node:path';
import { openMessages } from '../../../../tests/grader/messages.ts';

export const words = openMessages(path.join(import.meta.dirname, 'messages'));
