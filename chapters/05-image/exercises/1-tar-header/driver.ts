/** Calls the learner's function with a block, and reads a whole archive with it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, lutimesSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { readHeader, TarHeader } from 'coracle/image';
import { makeFiles, setStage, STAGE } from '../stage.ts';
import { wordsOf } from '../words.ts';

interface Learner {
  readonly readHeader: typeof readHeader;
}

/** The header with its names as text, which a report can show. */
export function header({ readHeader: read }: Learner, block: Uint8Array): unknown {
  const found = read(block);
  if (found === undefined) return undefined;
  return { ...found, name: textOf(found.name), linkName: textOf(found.linkName) };
}

/** The same, where the block is a Buffer. */
export function laterOfBuffer(learner: Learner, block: Uint8Array): unknown {
  return later(learner, Buffer.from(block));
}

/** The names, after the block has been used for something else. */
export function later({ readHeader: read }: Learner, block: Uint8Array): unknown {
  const found = read(block);
  block.fill(0x78);
  return { name: textOf(found?.name), linkName: textOf(found?.linkName) };
}

function textOf(name: unknown): string {
  if (name instanceof Uint8Array) return wordsOf(name);
  return `no Uint8Array, but of the type ${typeof name}`;
}

/** GNU tar archives of a few files, in two dialects, as the learner's function lists them. */
export function listReal(learner: Learner): string[] {
  setStage();
  const long = `${'d'.repeat(60)}/${'f'.repeat(60)}`;
  makeFiles({ hello: 'hello', [long]: '', old: 'x' });
  symlinkSync('hello', path.join(STAGE, 'link'));
  chmodSync(path.join(STAGE, 'hello'), 0o4751);
  chownSync(path.join(STAGE, 'hello'), 1000, 70_000);
  chownSync(path.join(STAGE, 'old'), 3_000_000, 0);
  for (const name of ['hello', 'link', long]) setTime(name, 1_600_000_000);
  setTime('old', -5);
  const ustar = list(learner, 'ustar', ['hello', 'link', long]);
  return [...ustar, ...list(learner, 'gnu', ['old'])];
}

/** Not as a number: Node would take one before 1970 for now. */
function setTime(name: string, seconds: number): void {
  const time = new Date(seconds * 1000);
  lutimesSync(path.join(STAGE, name), time, time);
}

function list({ readHeader: read }: Learner, format: string, files: readonly string[]): string[] {
  const archive = path.join(STAGE, `${format}.tar`);
  const { status, stderr } = spawnSync(
    'tar',
    ['--create', `--format=${format}`, '--file', archive, '-C', STAGE, ...files],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  const bytes = new Uint8Array(readFileSync(archive));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = read(bytes.slice(at, at + 512));
    if (found === undefined) return lines;
    lines.push(lineOf(found));
    at += 512 * (1 + Math.ceil(found.size / 512));
  }
  return lines;
}

function lineOf({ name, mode, uid, gid, size, mtime }: TarHeader): string {
  const which = textOf(name).replaceAll(/(.)\1{9,}/g, '$1…');
  return `${which}  ${mode.toString(8)} ${uid}:${gid} ${size} ${mtime}`;
}
