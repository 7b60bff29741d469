/** `./workbook demo`, whole: an image from a registry into a container, and nothing left. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const demo = path.resolve(import.meta.dirname, '../demo/demo.ts');

it('shows an image on its way into a container, and what that changed', async () => {
  const { stdout } = await execa(process.execPath, [demo]);
  expect(stdout).toMatch(/^Digest: sha256:\w{64}\n127\.0\.0\.1:\d+\/demo:latest$/m);
  expect(stdout).toMatch(/^ +lowerdir=.*fs:.*fs$/m);
  expect(stdout).toMatch(/The container is a program of \d+ system calls/);
  expect(stdout).toContain('my hostname is coracle\nI am process 1, ');
  expect(stdout).toMatch(/may I write\? yes\n[^]*\n +modify {2}srv\n +add {2}srv\/note$/);
  expectNothingLeft(stdout);
});

it('stopped while the container starts, leaves nothing', async () => {
  const child = execa(process.execPath, [demo], { reject: false });
  const folder = await seen(child.stdout, 'coracle-runtime --root');
  child.kill('SIGTERM');
  const { exitCode, stdout } = await child;
  expect(exitCode).toBe(1);
  expect(folder).not.toBe('');
  expectNothingLeft(stdout);
});

async function seen(output: AsyncIterable<unknown>, text: string): Promise<string> {
  let all = '';
  for await (const chunk of output) {
    all += String(chunk);
    if (all.includes(text)) return all;
  }
  return '';
}

function expectNothingLeft(stdout: string): void {
  const [folder = ''] = /\/\S*\/coracle-demo-\w+/.exec(stdout) ?? [];
  expect(folder).not.toBe('');
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
}
