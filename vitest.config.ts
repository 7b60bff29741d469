import { defineConfig } from 'vitest/config';
import { slowness } from './tests/suites.ts';

/**
 * Five kinds of test, told apart by file name:
 * - `*.test.ts` is pure and runs on any system, in parallel;
 * - `*.kernel.test.ts` needs Linux and root, acts, and observes from outside; one file at a time;
 * - `*.systemd.test.ts` needs a machine that systemd runs, with cgroup v2, and runs in the VM;
 * - `*.interop.test.ts` drives a real engine (podman, containerd, dockerd); one file at a time;
 * - `*.book.test.ts` builds the book and opens it in a browser.
 *
 * The kernel's, systemd's and the engines' share a machine with daemons and a kernel that have a time of their own, so a failure
 * is tried once more, and the report says so. What a test leaves behind is found either way.
 */
export default defineConfig({
  test: {
    // Unit tests share nothing; the others run one file at a time.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 20_000 * slowness,
          include: [
            'lib/test/**/*.test.ts',
            'tests/**/*.test.ts',
            'chapters/*/test/**/*.test.ts',
            'chapters/*/grade.test.ts',
          ],
          exclude: [
            '**/node_modules/**',
            '**/*.kernel.test.ts',
            '**/*.systemd.test.ts',
            '**/*.interop.test.ts',
            '**/*.book.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'book',
          include: ['tests/book/*.book.test.ts'],
          globalSetup: 'tests/book/setup.ts',
          fileParallelism: false,
          testTimeout: 120_000 * slowness,
          hookTimeout: 60_000 * slowness,
          retry: 1,
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['{lib,tests,chapters}/**/*.kernel.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 30_000 * slowness,
          retry: 1,
          hookTimeout: 30_000 * slowness,
        },
      },
      {
        test: {
          name: 'systemd',
          include: ['{lib,tests,chapters}/**/*.systemd.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000 * slowness,
          retry: 1,
          hookTimeout: 120_000 * slowness,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['tests/**/*.interop.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000 * slowness,
          retry: 1,
          hookTimeout: 120_000 * slowness,
        },
      },
    ],
  },
});
