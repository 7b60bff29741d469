/**
 * Fills the code caches: each bundle runs once and writes what it has compiled.
 *
 * Commands that make containers need root and a static busybox; where one of them is missing the
 * cache is written at the first real use.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultSpec, stringifyExactJson } from 'coracle/oci';

const BUSYBOX = '/bin/busybox';

/** @param program path of the launcher. */
export function warmUp(program: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'coracle-warm-up-'));
  const run = (...args: string[]): void => {
    spawnSync(program, ['--root', path.join(folder, 'state'), ...args], { stdio: 'ignore' });
  };
  // Names that nobody has: a container's cgroup is called like it.
  const [one, two] = [`warm-up-1-${process.pid}`, `warm-up-2-${process.pid}`];
  try {
    run('features');
    if (process.getuid?.() !== 0 || !existsSync(BUSYBOX)) return;
    makeBundle(folder);
    configure(folder, ['true']);
    run('run', '--bundle', folder, one);
    configure(folder, ['sleep', '60']);
    run('create', '--bundle', folder, two);
    run('state', two);
    run('start', two);
    run('exec', two, 'true');
    run('kill', two, 'KILL');
    run('delete', '--force', two);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeBundle(folder: string): void {
  const programs = path.join(folder, 'rootfs/bin');
  mkdirSync(programs, { recursive: true });
  copyFileSync(BUSYBOX, path.join(programs, 'busybox'));
  for (const name of ['true', 'sleep']) symlinkSync('busybox', path.join(programs, name));
}

function configure(folder: string, args: readonly string[]): void {
  const spec = defaultSpec();
  Object.assign(spec.process ?? {}, { terminal: false, args });
  writeFileSync(path.join(folder, 'config.json'), stringifyExactJson(spec));
}
