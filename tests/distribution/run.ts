// The distribution specification's own suite on our registry.
//
//   node tests/distribution/run.ts PROGRAM
//
// PROGRAM is the specification's `conformance`, built with Go (README.md says how). It asks for what
// specification 1.1 has; the registry and what it kept are gone at the end.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

const [program] = process.argv.slice(2);
if (program === undefined) {
  process.stderr.write('usage: node tests/distribution/run.ts PROGRAM\n');
  process.exit(2);
}

const coracle = path.resolve(import.meta.dirname, '../../chapters/12-engine/bin/coracle');
const folder = mkdtempSync('/var/tmp/coracle-distribution-');
const options = ['--root', path.join(folder, 'store'), 'registry', 'serve', '--port', '0'];
const server = spawn(coracle, options, { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const env = {
    ...process.env,
    OCI_REGISTRY: line.toString().replace('serving ', '').trim(),
    OCI_TLS: 'disabled',
    OCI_VERSION: '1.1',
    OCI_RESULTS_DIR: path.join(folder, 'results'),
  };
  const { status, stdout, error } = spawnSync(program, { cwd: folder, env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  // First it prints each test, and its configuration; the result is what counts.
  process.stdout.write(stdout.slice(status === 0 ? stdout.indexOf('OCI Conformance Result') : 0));
  process.exitCode = status ?? 1;
} finally {
  const ended = once(server, 'close');
  server.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
