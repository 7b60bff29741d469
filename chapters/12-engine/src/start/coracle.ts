/** Starts `coracle` from its bundle: what V8 has compiled once is kept beside it. */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

enableCompileCache(path.join(import.meta.dirname, 'cache'));
await import('../cli/main.ts');
