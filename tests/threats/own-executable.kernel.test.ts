/** Threat 1: the host's program, reached through /proc/self/exe and overwritten (CVE-2019-5736). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CAPABILITY_NAMES, type LinuxCapabilities } from 'coracle/oci';
import { syscall } from 'coracle/sys';
import { Box, failureOf, whyNoContainers } from './box.ts';

describe.skipIf(whyNoContainers() !== undefined)('the runtime’s own executable', () => {
  it('is no host file in a created container: exe and maps show the anonymous program only', () => {
    using box = new Box();
    box.configure(['true']);
    const pid = box.create();
    expect(hostFilesOf(pid)).toEqual([]);
    expect(statSync(`/proc/${pid}/exe`).ino).not.toBe(statSync(process.execPath).ino);
  });

  it('would be seen if it were Node: the same look at a Node process shows it', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.read(); console.log("up")'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    expect(hostFilesOf(child.pid ?? 0)).toContain(process.execPath);
    child.stdin.end();
    await once(child, 'exit');
  });

  it('is sealed: kept open across execve, it still cannot be written', () => {
    using box = new Box();
    box.configure(['sleep', '1000']);
    const pid = box.create();
    const kept = openSync(`/proc/${pid}/exe`, 'r');
    try {
      box.runtime.start('box');
      const writable = openSync(`/proc/self/fd/${kept}`, constants.O_RDWR);
      try {
        expect(failureOf(() => writeSync(writable, 'evil'))).toMatchObject({ code: 'EPERM' });
        expect(syscall('fcntl', writable, F_GET_SEALS, 0) & ALL_SEALS).toBe(ALL_SEALS);
      } finally {
        closeSync(writable);
      }
    } finally {
      closeSync(kept);
    }
  });

  it.each([
    ['/proc/self/exe as the program', '/proc/self/exe'],
    ['a symlink to /proc/self/exe as the program', '/link'],
    ['a script for the interpreter /proc/self/exe', '/script'],
    ['a program for the loader /proc/self/exe', '/loaded'],
  ])('never shows a host file to a container, nor one for writing: %s', (_, program) => {
    using box = new Box();
    plantAttacks(box);
    box.configure(['/watch'], (config) => {
      if (config.process !== undefined) config.process.capabilities = everything();
      config.process?.env?.push('LANG=C');
    });
    box.create();
    box.runtime.start('box');
    for (let round = 0; round < 10; round += 1) attempt(() => box.exec([program]));
    box.collectRefused();
    box.exec(['touch', '/done']);
    const { stdout, status } = box.wait('box');
    const seen = new Set(stdout.split('\n').filter(Boolean));
    expect(status).toEqual({ code: 0 });
    expect(seen).toContain('/bin/busybox');
    expect([...seen].filter((line) => !isHarmless(line))).toEqual([]);
  });

  it('does not become Node by an entrypoint of /proc/self/exe', () => {
    using box = new Box();
    plantAttacks(box);
    const before = fingerprint();
    for (const program of ['/proc/self/exe', '/link', '/script', '/loaded']) {
      box.configure([program, '-e', 'console.log(process.version)']);
      const output = attempt(() => box.run());
      expect(output ?? '').not.toContain(process.version);
      box.runtime.delete('box', { force: true });
    }
    expect(fingerprint()).toEqual(before);
  });
});

const F_GET_SEALS = 1034;
/** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE. */
const ALL_SEALS = 0xf;

/** Watches every process it can see: what it executes, and whether that opens for appending. */
const WATCH = `#!/bin/sh
while [ ! -e /done ]; do
  for p in /proc/[0-9]*; do
    exe=$(readlink $p/exe) || continue
    echo "$exe"
    case $exe in /bin/busybox) ;; *) (: >> $p/exe) 2>/dev/null && echo "opened $exe" ;; esac
  done
done
exit 0
`;

function plantAttacks(box: Box): void {
  box.plant('watch', WATCH);
  box.plant('script', '#!/proc/self/exe\n');
  box.plant('loaded', loadedBy('/proc/self/exe'));
  symlinkSync('/proc/self/exe', path.join(box.rootfs, 'link'));
}

/** A minimal ELF executable for x86-64 with nothing but PT_INTERP and an empty PT_LOAD. */
function loadedBy(interpreter: string): Buffer {
  const file = Buffer.alloc(4096);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(readFileSync('/bin/busybox').readUInt16LE(18), 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(0x400000n + 0x200n, 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  const text = Buffer.from(`${interpreter}\0`);
  text.copy(file, 0x100);
  segment(file, 64, { type: 3, offset: 0x100, size: text.length });
  segment(file, 120, { type: 1, offset: 0, size: 4096 });
  return file;
}

/** `Elf64_Phdr` at `at`: read and execute, at 4 MiB. */
function segment(
  file: Buffer,
  at: number,
  { type, offset, size }: { type: number; offset: number; size: number },
): void {
  file.writeUInt32LE(type, at);
  file.writeUInt32LE(5, at + 4);
  file.writeBigUInt64LE(BigInt(offset), at + 8);
  file.writeBigUInt64LE(0x400000n + BigInt(offset), at + 16);
  file.writeBigUInt64LE(0x400000n + BigInt(offset), at + 24);
  file.writeBigUInt64LE(BigInt(size), at + 32);
  file.writeBigUInt64LE(BigInt(size), at + 40);
  file.writeBigUInt64LE(type === 1 ? 4096n : 1n, at + 48);
}

function everything(): LinuxCapabilities {
  const all = [...CAPABILITY_NAMES];
  return { bounding: all, effective: all, permitted: all };
}

/** A refusal is as good as a program that ends. */
function attempt(run: () => { stdout: string; stderr: string }): string | undefined {
  try {
    const { stdout, stderr } = run();
    return stdout + stderr;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isHarmless(line: string): boolean {
  return (
    line === '/bin/busybox' || line === '/loaded' || /^\/memfd:coracle-\w+ \(deleted\)$/.test(line)
  );
}

function fingerprint(): unknown {
  const { size, mtimeMs, ctimeMs } = statSync(process.execPath);
  return { size, mtimeMs, ctimeMs };
}

/** The host's files in a process's memory (proc_pid_maps(5)); anonymous ones have no name there. */
function hostFilesOf(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n');
  const names = maps.map((line) => line.split(/\s+/).slice(5).join(' '));
  return [...new Set(names.filter((name) => name.startsWith('/') && !name.startsWith('/memfd:')))];
}
