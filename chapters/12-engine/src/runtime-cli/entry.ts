/** The program's first file when it runs from its sources. */
import { begin } from './begin.ts';
import { loadCommand } from './commands/index.ts';

begin(loadCommand);
