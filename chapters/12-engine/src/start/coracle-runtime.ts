/**
 * The first file of `coracle-runtime`: chooses the bundle of the command.
 *
 * Commands that engines run for every container have a bundle each, so that no more is loaded than
 * they need; the others share one.
 */
import { join } from 'node:path';
import { runBundle } from './bundle.ts';
import { RUNTIME_BUNDLES } from './runtime-bundles.ts';

/** Global flags that are followed by a value, in either of Go's spellings. */
const VALUED = /^--?(root|log|log-format|criu|rootless)$/;

/** The first argument that is neither a flag nor a flag's value. */
function commandName(argv: readonly string[]): string {
  for (let at = 2; at < argv.length; at += 1) {
    const token = argv[at] ?? '';
    if (!token.startsWith('-')) return token;
    if (VALUED.test(token)) at += 1;
  }
  return '';
}

const name = commandName(process.argv);
const own: readonly string[] = RUNTIME_BUNDLES;
runBundle(join(__dirname, 'coracle-runtime'), own.includes(name) ? name : 'other');
