// The conformance suite: every observable requirement of the OCI runtime specification 1.3 as a
// case, run on ours, runc and crun side by side.
//
//   node tests/conformance/run.ts [--runtime PATH]... [--filter TEXT] [--shard K/N] [--json FILE]
//
// The first runtime is the one being judged: the counts and the exit code are its own. The suite
// starts itself once more in a private mount namespace, so that no mount it makes can outlive it.

import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { itemsOf, parseShard, type Shard } from '../helpers/shard.ts';
import { allCases } from './cases/index.ts';
import type { Case } from './harness/case.ts';
import { inspectHost, which } from './harness/host.ts';
import { describe, mark, summarize } from './harness/report.ts';
import { runCases } from './harness/runner.ts';
import { openRuntime } from './harness/runtime.ts';

const OURS = join(import.meta.dirname, '../../chapters/12-engine/bin/coracle-runtime');
const INSIDE = 'CORACLE_CONFORMANCE_INSIDE';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true },
    filter: { type: 'string' },
    shard: { type: 'string' },
    json: { type: 'string' },
  },
});

if (process.getuid?.() !== 0) stop('the suite makes containers: run it as root');
if (process.env[INSIDE] === undefined) enterPrivateMounts();
else await main();

/** Replaces this process, so that a terminal's Ctrl-C reaches the one that has to clean up. */
function enterPrivateMounts(): never {
  const unshare = which('unshare') ?? stop('the suite needs unshare(1) of util-linux');
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const args = ['unshare', '--mount', '--propagation', 'private', ...again];
  process.execve?.(unshare, args, { ...process.env, [INSIDE]: '1' });
  return stop('the suite needs a Node that has process.execve (26)');
}

async function main(): Promise<void> {
  delete process.env[INSIDE];
  const host = inspectHost();
  const busybox = which('busybox') ?? stop('the suite needs busybox-static');
  const runtimes = runtimePaths().map((path) => openRuntime(path, host));
  const matching = allCases.filter((one) => matches(one, values.filter ?? ''));
  const cases = values.shard === undefined ? matching : itemsOf(matching, shard(values.shard));
  const interrupted = new AbortController();
  let done = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupted.abort());
  const reports = await runCases(
    { cases, runtimes, host, busybox, stop: interrupted.signal },
    (report, outcome) => {
      done += 1;
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\x1b[K${mark(outcome)} ${outcome.runtime} ${report.title}`);
      } else if (done % 100 === 0) {
        process.stderr.write(`conformance: ${done} of ${cases.length * runtimes.length}\n`);
      }
    },
  );
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (interrupted.signal.aborted) stop('interrupted; what was made is removed');
  const summary = summarize(reports, runtimes[0]?.name ?? '');
  const json = `${JSON.stringify(summary, null, 2)}\n`;
  if (values.json !== undefined) writeFileSync(values.json, json);
  if (values.json !== undefined || process.stdout.isTTY) console.log(describe(summary));
  else process.stdout.write(json);
  process.exitCode = summary.failed > 0 ? 1 : 0;
}

function runtimePaths(): string[] {
  if (values.runtime !== undefined) {
    return values.runtime.map(
      (name) => which(name) ?? (existsSync(name) ? resolve(name) : missing(name)),
    );
  }
  const others = ['runc', 'crun'].flatMap((name) => which(name) ?? []);
  return [existsSync(OURS) ? OURS : missing(OURS), ...others];
}

function matches({ section, title }: Case, text: string): boolean {
  return `${section} ${title}`.toLowerCase().includes(text.toLowerCase());
}

function shard(text: string): Shard {
  try {
    return parseShard(text);
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

function missing(path: string): never {
  return stop(
    `there is no runtime at ${path}: build it with "pnpm build", or name one by --runtime`,
  );
}

function stop(why: string): never {
  console.error(`conformance: ${why}`);
  process.exit(2);
}
