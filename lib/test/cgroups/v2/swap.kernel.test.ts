/**
 * Swap on version 2, on a swap file of the test's own.
 *
 * Life cycle: file made and swapped on → tests → swapped off, and removed, come what may.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;
/** On the disk: a file in tmpfs cannot be swapped to. */
let folder = '';
let file = '';

const run = (program: string, ...args: string[]): void =>
  void execFileSync(program, args, { stdio: 'pipe' });

describe.runIf(onVersionTwo)('swap', () => {
  beforeAll(() => {
    folder = mkdtempSync('/var/tmp/coracle-swap-');
    file = join(folder, 'swap');
    run('dd', 'if=/dev/zero', `of=${file}`, 'bs=1M', 'count=48');
    run('chmod', '600', file);
    run('mkswap', file);
    run('swapon', file);
  });

  afterAll(() => {
    try {
      run('swapoff', file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes what is above the memory limit, up to the difference', async () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 16 * MB, swap: 56 * MB } });
    const { child } = await test.start(
      'head -c 24M /dev/zero | tail -c 24M | (sleep 60; cat > /dev/null)',
    );
    const swapped = (): bigint => {
      const { swap, usage } = test.cgroup.stats().memory;
      return swap.usage - usage.usage;
    };
    expect(await eventually(() => swapped() > BigInt(4 * MB))).toBe(true);
    expect(test.cgroup.stats().memory.swap.limit).toBe(BigInt(56 * MB));
    expect(test.cgroup.stats().memory.usage.usage).toBeLessThanOrEqual(BigInt(16 * MB));
    expect(test.read('', 'memory.events')).toMatch(/^oom_kill 0$/m);
    test.cgroup.kill('SIGKILL');
    await gone(child);
  });

  it('with a limit equal to that of memory there is none', () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 16 * MB, swap: 16 * MB } });
    const { status } = test.run('head -c 24M /dev/zero | tail -c 24M > /dev/null; exit $?');
    expect(status).toBe(128 + 9);
    expect(test.read('', 'memory.swap.current')).toBe('0');
  });
});
