/** A content store in a temporary folder, and children that use it too. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  openContentStore,
  type ContentStore,
  type ContentLabels,
  type ContentProblem,
} from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';

/** Disposing of it closes the store and removes the folder. */
export class StoreScratch implements Disposable {
  readonly root = mkdtempSync(path.join(tmpdir(), 'coracle-content-test-'));
  readonly #stores: ContentStore[] = [];

  /** Another handle on the same store, as another process would have one. */
  open(root = this.root): ContentStore {
    const store = openContentStore(root, { durable: false });
    this.#stores.push(store);
    return store;
  }

  [Symbol.dispose](): void {
    for (const store of this.#stores) store.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function sha256(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Commits a content in one go. */
export function put(
  store: ContentStore,
  content: string | Uint8Array,
  { labels = {}, lease }: { labels?: ContentLabels; lease?: string } = {},
): Digest {
  using ingest = store.ingest(`put ${sha256(content)}`, lease === undefined ? {} : { lease });
  ingest.write(Buffer.from(content));
  return ingest.commit({ labels }).digest;
}

/** The digests of all files below `blobs/`, whether the store knows them or not. */
export function blobFiles(root: string): string[] {
  return ['sha256', 'sha512'].flatMap((algorithm) =>
    readdirSync(path.join(root, 'blobs', algorithm))
      .map((hex) => `${algorithm}:${hex}`)
      .toSorted(),
  );
}

export async function problems(store: ContentStore): Promise<ContentProblem[]> {
  return Array.fromAsync(store.verify());
}

/** How a child ended, and its lines on standard output. */
export interface ChildEnd {
  readonly code: number | null;
  readonly lines: string[];
  readonly stderr: string;
}

/** Starts one of the children beside this file; `before` is a program to run it by. */
export function start(script: string, args: readonly string[], before: readonly string[] = []) {
  const file = path.join(import.meta.dirname, script);
  const [program = '', ...rest] = [...before, process.execPath, file, ...args];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  return { child, ended: endOf(child), spoke: once(child.stdout, 'data') };
}

async function endOf(child: ChildProcess): Promise<ChildEnd> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, lines: stdout.split('\n').slice(0, -1), stderr };
}
