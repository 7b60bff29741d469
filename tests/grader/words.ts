/** The grader's own words, in the learner's language; those of an exercise are beside it. */
import path from 'node:path';
import { openMessages } from './messages.ts';

export const words = openMessages(path.join(import.meta.dirname, 'messages'));
