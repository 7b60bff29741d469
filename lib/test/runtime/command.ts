/** One operation of a runtime as a command of its own: `node command.ts ROOT BUNDLE OPERATION ID`. */
import { Runtime } from '../../src/runtime/index.ts';

const [root = '', bundle = '', operation = '', id = ''] = process.argv.slice(2);
const runtime = new Runtime({ root });

try {
  // The container must not keep the pipe to the test open.
  if (operation === 'create') runtime.create({ id, bundle, stdio: [0, 1, 1] });
  else if (operation === 'start') runtime.start(id);
  else if (operation === 'delete') runtime.delete(id, { force: true });
  else throw new Error(`no such operation: ${operation}`);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
