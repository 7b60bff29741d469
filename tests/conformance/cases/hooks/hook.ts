// Hooks for the cases: shell scripts that leave what they saw in the rootfs folder.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';

export const HOOKS = 'config.md#configHooks';

export const LIFECYCLE = 'runtime.md#runtimeLifecycle';

export const IN_RUNTIME = ['prestart', 'createRuntime', 'poststart', 'poststop'];

export const DURING_CREATE = ['prestart', 'createRuntime', 'createContainer'];

export const KINDS = [...DURING_CREATE, 'startContainer', 'poststart', 'poststop'];

/** A hook of `kind` that runs `script` by sh; startContainer hooks find sh in the container. */
export function hook(script: string, more: object = {}): object {
  const env = ['PATH=/usr/bin:/bin'];
  return { path: '/bin/sh', args: ['sh', '-c', script], env, ...more };
}

/** Where a hook of `kind` must write for the suite to read it from the rootfs folder. */
export function place(box: Box, kind: string): string {
  return kind === 'startContainer' ? '' : box.rootfs;
}

export function read(box: Box, name: string): string {
  const path = join(box.rootfs, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '(the hook left nothing)';
}

/** Life of a container with everything a hook can see: create, start, exit, delete. */
export async function wholeLife(box: Box, script = 'true'): Promise<number> {
  const pid = await box.stopped(script);
  box.succeeded(await box.delete(), 'delete');
  return pid;
}

/** Starts a container and waits until its program runs: a runtime may return from start earlier. */
export async function startedAndUp(box: Box): Promise<number> {
  const pid = await box.started('echo up; exec sleep 100');
  await box.printed(/up/);
  return pid;
}

/** Adds to every kind a hook made by `script(kind, folder)`. */
export function everyKind(box: Box, script: (kind: string, folder: string) => string): void {
  for (const kind of KINDS) {
    box.patch({ [`/hooks/${kind}/-`]: hook(script(kind, place(box, kind))) });
  }
}
