/** The program's first file: runs the command line and ends with its exit code. */
import { loadCommand } from './commands/index.ts';
import { main } from './main.ts';

// Not a top-level await: the bundle is CommonJS, which has none.
void main(process.argv.slice(2), loadCommand).then((code) => {
  process.exitCode = code;
});
