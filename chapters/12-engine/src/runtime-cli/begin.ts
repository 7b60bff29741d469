/** From the process's arguments to its end. */
import { exitNow } from 'coracle/sys';
import { main, type Load } from './main.ts';

/** Runs this process's command line and ends with its exit code. */
export function begin(load: Load): void {
  // Not a top-level await: the bundles are CommonJS, which has none.
  void main(process.argv.slice(2), load).then((code) => {
    process.exitCode = code;
    // Whoever listens has something to give back or to write; else Node's way out is only slower.
    if (process.platform === 'linux' && process.listenerCount('exit') === 0) exitNow(code);
  });
}
