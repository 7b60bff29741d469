import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { defaultSpec, stringifyExactJson } from '../../src/oci/index.ts';
import { slowness } from '../rounds.ts';
import { eventually } from './box.ts';

const NOBODY = 65_534;
const COMMAND = path.join(import.meta.dirname, 'command.ts');
/** A checkout below a home that is closed to others cannot be run by them. */
const mayRead = spawnSync('test', ['-r', COMMAND], { uid: NOBODY, gid: NOBODY }).status === 0;
const folder = mkdtempSync(path.join(tmpdir(), 'coracle-rootless-'));

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!mayRead)(
  'a user without root creates, starts and deletes a container in which it is root',
  () => {
    const bundle = makeBundle('id -u > /out; cat /proc/self/uid_map >> /out');
    for (const operation of ['create', 'start', 'delete']) {
      const { status, stderr } = asNobody(operation, bundle);
      expect([operation, status, stderr]).toEqual([operation, 0, '']);
      if (operation === 'start') expect(eventually(() => lines(bundle).length === 2)).toBe(true);
    }
    const [uid, map = ''] = lines(bundle);
    expect(uid).toBe('0');
    expect(map.trim().split(/\s+/)).toEqual(['0', String(NOBODY), '1']);
  },
);

function makeBundle(script: string): string {
  const bundle = path.join(folder, 'bundle');
  const bin = path.join(bundle, 'rootfs/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync('/bin/busybox', path.join(bin, 'busybox'));
  for (const applet of ['sh', 'id', 'cat']) symlinkSync('busybox', path.join(bin, applet));
  const config = defaultSpec({ rootless: { uid: NOBODY, gid: NOBODY } });
  config.root.readonly = false;
  Object.assign(config.process ?? {}, { terminal: false, args: ['sh', '-c', script] });
  writeFileSync(path.join(bundle, 'config.json'), stringifyExactJson(config));
  chmodSync(folder, 0o755);
  for (const directory of [folder, bundle, path.join(bundle, 'rootfs')]) {
    chownSync(directory, NOBODY, NOBODY);
  }
  return bundle;
}

/** The complete lines that the container has written. */
function lines(bundle: string): string[] {
  const output = path.join(bundle, 'rootfs/out');
  return existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(0, -1) : [];
}

function asNobody(operation: string, bundle: string): { status: number | null; stderr: string } {
  const args = [COMMAND, path.join(folder, 'state'), bundle, operation, 'c'];
  const { status, stderr } = spawnSync(process.execPath, args, {
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000 * slowness,
  });
  return { status, stderr };
}
