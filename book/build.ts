/** `pnpm book:build`: makes the whole site, as files for any web server, in `book/dist/`. */
import { build } from 'vitepress';
import { makeReference } from './reference.ts';

makeReference();
await build(import.meta.dirname);
