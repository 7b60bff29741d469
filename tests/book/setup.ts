/** Before the book's tests: builds the site as a user would, and serves what came of it. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveFolder } from './serve-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the built site is, such as `http://127.0.0.1:40123/`. */
    readonly bookUrl: string;
  }
}

const root = path.resolve(import.meta.dirname, '../..');

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['book/build.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(`book/build.ts failed:\n${stdout}${stderr}`);
  const server = await serveFolder(path.join(root, 'book/dist'));
  project.provide('bookUrl', server.url);
  return server.close;
}
