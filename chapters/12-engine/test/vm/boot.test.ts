import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, kill, startMachine, waitUntilUp, type Machine } from '../../workbook/vm/boot.ts';

let folder = '';
let child: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-boot-'));
  // Stands for a qemu whose guest never answers.
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function machine(): Promise<Machine> {
  const console = path.join(folder, 'console.log');
  writeFileSync(console, 'Loading initial ramdisk\r\nALERT! LABEL=coracle does not exist\r\n');
  return { pid: child.pid ?? 0, sshPort: await freePort(), console, accelerator: 'tcg' };
}

describe('a machine that boots', () => {
  it('and hangs ends with what its console said last', async () => {
    const hung = waitUntilUp(await machine(), undefined, 1);
    await expect(hung).rejects.toThrow(
      /^no answer to ssh in 1 s; the console's last lines .*\n.*\n {2}\| ALERT! LABEL=coracle does not exist$/,
    );
  });

  it('under KVM and hangs is told of emulation', async () => {
    const hung = waitUntilUp({ ...(await machine()), accelerator: 'kvm' }, undefined, 1);
    await expect(hung).rejects.toThrow('if KVM is what hangs, try --accel tcg');
  });

  it('and dies is noticed at once', async () => {
    const dead = await machine();
    kill(dead);
    await once(child, 'exit');
    await expect(waitUntilUp(dead, undefined, 60)).rejects.toThrow(
      'the machine ended while it booted; the console',
    );
  });

  it('stops when it is told to', async () => {
    const stopped = waitUntilUp(await machine(), AbortSignal.abort(new Error('stopped')), 60);
    await expect(stopped).rejects.toThrow('stopped');
  });
});

it('a qemu that is not there is an error, and no machine', async () => {
  const started = startMachine({
    arch: 'arm64',
    accelerator: 'tcg',
    memoryMiB: 1,
    cpus: 1,
    kernel: { release: '', kernel: '/nowhere', initrd: '/nowhere' },
    disk: { file: '/nowhere', format: 'raw', throwaway: true },
    sshPort: 1,
    publicKey: '',
    console: path.join(folder, 'console.log'),
  });
  await expect(started).rejects.toThrow(/^qemu did not start/);
});
