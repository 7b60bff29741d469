/** Hooks on the host: their input, their environment, and what a failure says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Hook, State } from '../../src/oci/index.ts';
import { RuntimeError } from '../../src/runtime/index.ts';
import { runHooks } from '../../src/runtime/hooks.ts';

let bundle = '';
beforeEach(() => {
  bundle = mkdtempSync(path.join(tmpdir(), 'coracle-hooks-'));
});
afterEach(() => rmSync(bundle, { recursive: true }));

const state = (): State => ({ ociVersion: '1.3.0', id: 'c', status: 'created', pid: 7, bundle });
const shell = (script: string, more: Partial<Hook> = {}): Hook => ({
  path: '/bin/sh',
  args: ['sh', '-c', script],
  ...more,
});
const written = (name: string): string => readFileSync(path.join(bundle, name), 'utf8');

function failure(hooks: readonly Hook[]): RuntimeError {
  try {
    runHooks('poststart', hooks, state());
  } catch (error) {
    if (error instanceof RuntimeError) return error;
    throw error;
  }
  throw new Error('no hook has failed');
}

test('a hook gets the state on stdin and stands in the bundle', () => {
  runHooks('prestart', [shell('cat > seen; pwd > where')], state());
  expect(JSON.parse(written('seen'))).toEqual(state());
  expect(written('where').trim()).toBe(bundle);
});

test('its environment is its own, and nothing of ours', () => {
  process.env['CORACLE_HOOK_TEST'] = 'ours';
  runHooks('prestart', [shell('echo "$A,$CORACLE_HOOK_TEST" > seen', { env: ['A=b=c'] })], state());
  expect(written('seen')).toBe('b=c,\n');
  delete process.env['CORACLE_HOOK_TEST'];
});

test('the first argument is its name', () => {
  const hook = { path: '/bin/sh', args: ['a name', '-c', 'echo "$0" > seen', 'zero'] };
  runHooks('prestart', [hook], state());
  expect(written('seen')).toBe('zero\n');
});

test('hooks run in order, and the first failure stops the rest', () => {
  const hooks = [shell('echo 1 >> seen'), shell('echo 2 >> seen; exit 3'), shell('echo 3 >> seen')];
  expect(failure(hooks).message).toBe(
    'error running poststart hook #1: exit status 3, stdout: , stderr: ',
  );
  expect(written('seen')).toBe('1\n2\n');
});

test('a failure shows what the hook has printed', () => {
  const { code, message } = failure([shell('echo out; echo err >&2; exit 1')]);
  expect(code).toBe('HOOK');
  expect(message).toContain('stdout: out\n, stderr: err\n');
});

test('a hook that is killed names the signal', () => {
  expect(failure([shell('kill -TERM $$')]).message).toContain('signal: SIGTERM');
});

test('a hook that passes its timeout is killed and says so', () => {
  const began = performance.now();
  const { message } = failure([shell('exec sleep 20', { timeout: 1 })]);
  expect(message).toContain('hook ran past specified timeout of 1s');
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('a hook that is not there is a failure', () => {
  expect(failure([{ path: '/no/such/hook' }]).message).toContain('ENOENT');
});

test('no hooks are fine', () => {
  expect(() => runHooks('poststop', undefined, state())).not.toThrow();
});
