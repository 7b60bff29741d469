/** Threats 3 to 5: an image's fakes of /dev/null, /dev/console and /proc. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mount, RuntimeConfig } from 'coracle/oci';
import { accept, AF_UNIX, bindPath, listen, SOCK_STREAM, socket, words } from 'coracle/sys';
import { Box, failureOf, whyNoContainers } from './box.ts';
import { alterCalls } from './without.ts';

describe.skipIf(whyNoContainers() !== undefined)('fakes of an image', () => {
  describe('/dev/null (CVE-2025-31133)', () => {
    const fakes: readonly [string, (file: string, box: Box) => void][] = [
      ['a symlink to a host file', (file, box) => symlinkSync(path.join(box.outside, 'x'), file)],
      ['a symlink to a file of the image', (file) => symlinkSync('/bin/busybox', file)],
      ['a regular file', (file) => writeFileSync(file, 'fake')],
      ['a directory', (file) => mkdirSync(file)],
    ];

    it.each(fakes)('as %s: a masked path is still character device 1:3', (_, fake) => {
      using box = new Box();
      fake(imageDevice(box, 'null'), box);
      box.configure(['true'], masked);
      const secret = `/proc/${createWithInput(box)}/root/secret`;
      expect(statSync(secret)).toMatchObject({ rdev: 0x103 });
      expect(readFileSync(secret, 'utf8')).toBe('');
      expect(box.made()).toEqual([]);
    });

    it('bound from the image instead of the host, it would be seen not to be 1:3', () => {
      using box = new Box();
      writeFileSync(imageDevice(box, 'null'), 'fake');
      box.configure(['true'], masked);
      alterCalls((name, args) =>
        name === 'open_tree' && args[1] === '/dev/null'
          ? [args[0] ?? 0, path.join(box.rootfs, 'dev/null'), args[2] ?? 0]
          : args,
      );
      expect(statSync(`/proc/${createWithInput(box)}/root/secret`).rdev).not.toBe(0x103);
    });
  });

  describe('/dev/console (CVE-2025-52565)', () => {
    const fakes: readonly [string, (file: string, box: Box) => void][] = [
      ['a symlink to a host file', (file, box) => symlinkSync(hostFile(box), file)],
      ['a symlink up and out', (file, box) => symlinkSync(`../../../../..${hostFile(box)}`, file)],
      ['a symlink to /proc/sys', (file) => symlinkSync('/proc/sys/kernel/core_pattern', file)],
      ['a regular file', (file) => writeFileSync(file, 'fake')],
    ];

    it.each(fakes)('as %s: the terminal itself is bound inside the root, or nothing', (_, fake) => {
      using box = new Box();
      writeFileSync(hostFile(box), 'host');
      fake(imageDevice(box, 'console'), box);
      box.configure(['true'], withTerminal);
      const pid = attempt(() => createWithConsole(box));
      if (pid !== undefined) {
        const [bound = ''] = mountPoints(pid, 'devpts').filter((point) => point !== '/dev/pts');
        const terminal = statSync(`/proc/${pid}/fd/0`);
        expect(statSync(`/proc/${pid}/root${bound}`).rdev).toBe(terminal.rdev);
      }
      expect(readFileSync(hostFile(box), 'utf8')).toBe('host');
      expect(box.mounts()).toEqual([]);
    });

    it('is the terminal where the image has no fake', () => {
      using box = new Box();
      box.configure(['true'], withTerminal);
      const pid = createWithConsole(box);
      expect(mountPoints(pid, 'devpts')).toContain('/dev/console');
      expect(statSync(`/proc/${pid}/root/dev/console`).rdev).toBe(
        statSync(`/proc/${pid}/fd/0`).rdev,
      );
    });
  });

  describe('/proc (CVE-2025-52881, CVE-2019-19921)', () => {
    const TTL = 'sys/net/ipv4/ip_default_ttl';
    let hostValue: string;
    beforeEach(() => {
      hostValue = readFileSync(`/proc/${TTL}`, 'utf8');
    });

    it.each(['/fake', '/bin', '../../../../../../proc'])(
      'as a symlink to %s: refused, and nothing written there',
      (target) => {
        using box = new Box();
        box.plant(`fake/${TTL}`, 'fake');
        symlinkSync(target, path.join(box.rootfs, 'proc'));
        box.configure(['true'], withSysctl);
        expect(failureOf(() => box.create()).message).toMatch(/mounts\/0.*|proc/);
        expect(readFileSync(path.join(box.rootfs, 'fake', TTL), 'utf8')).toBe('fake');
        expect(readFileSync(`/proc/${TTL}`, 'utf8')).toBe(hostValue);
      },
    );

    it('as a bind mount of a fake: a sysctl goes to the container’s kernel, not to the fake', () => {
      using box = new Box();
      box.plant(`fake/${TTL}`, 'fake');
      box.configure(['true'], (config) => {
        withSysctl(config);
        bindFakeProc(config, box);
      });
      expect(ttlInside(box.create())).toBe('77');
      expect(readFileSync(path.join(box.rootfs, 'fake', TTL), 'utf8')).toBe('fake');
      expect(readFileSync(`/proc/${TTL}`, 'utf8')).toBe(hostValue);
    });

    it('written through the image’s /proc, the fake would be seen to change', () => {
      using box = new Box();
      box.plant(`fake/${TTL}`, 'fake');
      box.configure(['true'], (config) => {
        withSysctl(config);
        bindFakeProc(config, box);
      });
      const fake = path.join(box.rootfs, 'fake', TTL);
      alterCalls((name, args) =>
        name === 'openat2' && args[1] === TTL ? [-100, fake, words([1, 0, 0]), 24] : args,
      );
      expect(ttlInside(box.create())).not.toBe('77');
      expect(readFileSync(fake, 'utf8')).toContain('77');
    });
  });
});

/** The image's own /dev, which no tmpfs hides. */
function imageDevice(box: Box, name: string): string {
  mkdirSync(path.join(box.rootfs, 'dev'), { recursive: true });
  box.plant('secret', 'the secret');
  const file = path.join(box.rootfs, 'dev', name);
  rmSync(file, { force: true });
  return file;
}

function hostFile(box: Box): string {
  return path.join(box.outside, 'console');
}

function masked(config: RuntimeConfig): void {
  keepMounts(config, ({ destination }) => !destination.startsWith('/dev'));
  Object.assign(config.linux ?? {}, { maskedPaths: ['/secret'] });
}

/** With an input that is not the host's /dev/null, which would be opened anew inside. */
function createWithInput(box: Box): number {
  return box.create({}, path.join(box.bundle, 'config.json'));
}

function withTerminal(config: RuntimeConfig): void {
  keepMounts(config, ({ destination }) => destination !== '/dev');
  Object.assign(config.process ?? {}, { terminal: true });
}

function withSysctl(config: RuntimeConfig): void {
  Object.assign(config.linux ?? {}, { sysctl: { 'net.ipv4.ip_default_ttl': '77' } });
}

function bindFakeProc(config: RuntimeConfig, box: Box): void {
  keepMounts(config, ({ destination }) => destination !== '/proc');
  const fake = path.join(box.rootfs, 'fake');
  config.mounts?.push({ destination: '/proc', type: 'bind', source: fake, options: ['bind'] });
}

function keepMounts(config: RuntimeConfig, keep: (mount: Mount) => boolean): void {
  config.mounts = (config.mounts ?? []).filter(keep);
}

/** Creates the container with a socket that takes its terminal. */
function createWithConsole(box: Box): number {
  using listener = socket(AF_UNIX, SOCK_STREAM);
  const consoleSocket = path.join(box.folder, 'console.sock');
  bindPath(listener.fd, consoleSocket);
  listen(listener.fd, 1);
  const pid = box.create({ consoleSocket });
  using _connection = accept(listener.fd);
  return pid;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function mountPoints(pid: number, type: string): string[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .filter((line) => line.includes(` - ${type} `))
    .map((line) => line.split(' ')[4] ?? '');
}

/** As the host's procfs tells for the container's network namespace. */
function ttlInside(pid: number): string {
  const args = ['-t', String(pid), '-n', 'cat', '/proc/sys/net/ipv4/ip_default_ttl'];
  return execFileSync('nsenter', args, { encoding: 'utf8' }).trim();
}
