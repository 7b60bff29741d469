import { describe, expect, it } from 'vitest';
import { qemuArguments, type MachineOptions } from '../../workbook/vm/qemu.ts';

const options: MachineOptions = {
  arch: 'x64',
  accelerator: 'tcg',
  memoryMiB: 2048,
  cpus: 2,
  kernel: { release: '6.1', kernel: '/i/vmlinuz-1', initrd: '/i/initrd-1' },
  disk: { file: '/i/disk.img', format: 'raw', throwaway: true },
  sshPort: 2222,
  publicKey: 'ssh-ed25519 AAAA coracle',
  console: '/t/console.log',
};

/** The values of every option of this name. */
function values(args: readonly string[], name: string): string[] {
  return args.filter((_, index) => args[index - 1] === name);
}

/** The credentials that systemd will find, decoded. */
function credentials(args: readonly string[]): Record<string, string> {
  const found = values(args, '-smbios').map((value) => {
    const [, name = '', text = ''] = /binary:([^=]+)=(.*)$/.exec(value) ?? [];
    return [name, Buffer.from(text, 'base64').toString()];
  });
  return Object.fromEntries(found) as Record<string, string>;
}

describe('a machine of qemu', () => {
  it('that is thrown away writes nothing to the image', () => {
    const [drive] = values(qemuArguments(options), '-drive');
    expect(drive).toContain('file=/i/disk.img,format=raw');
    expect(drive).toContain(',snapshot=on');
  });

  it('that stays writes to its own disk', () => {
    const disk = { file: '/m/disk.qcow2', format: 'qcow2', throwaway: false } as const;
    const [drive] = values(qemuArguments({ ...options, disk }), '-drive');
    expect(drive).toContain('file=/m/disk.qcow2,format=qcow2');
    expect(drive).not.toContain('snapshot');
  });

  it('can be reached from this host only', () => {
    const [network] = values(qemuArguments(options), '-netdev');
    expect(network).toBe('user,id=net,hostfwd=tcp:127.0.0.1:2222-:22');
  });

  it('when emulated has no protection keys, which Node does not survive there', () => {
    expect(values(qemuArguments(options), '-cpu')).toEqual(['max,pku=off,la57=off,cx16=off']);
    expect(values(qemuArguments({ ...options, accelerator: 'kvm' }), '-cpu')).toEqual(['host']);
  });

  it('gets the repository read-only where it is to be copied', () => {
    const drives = values(qemuArguments({ ...options, source: '/t/a,b.tar' }), '-drive');
    expect(drives[1]).toBe('file=/t/a,,b.tar,format=raw,if=none,id=source,readonly=on');
  });

  it('shares the repository where it is to be worked in, and tells the guest', () => {
    const args = qemuArguments({ ...options, shareSocket: '/m/share.sock' });
    expect(values(args, '-chardev')).toEqual(['socket,id=share,path=/m/share.sock']);
    expect(values(args, '-append')[0]).toMatch(/ coracle\.share$/);
    expect(values(qemuArguments(options), '-append')[0]).not.toContain('coracle.share');
  });

  it('lets in one key, as root and as vagrant', () => {
    const { 'ssh.authorized_keys.root': root, 'tmpfiles.extra': extra = '' } = credentials(
      qemuArguments(options),
    );
    expect(root).toBe('ssh-ed25519 AAAA coracle\n');
    const line = extra.split('\n').find((each) => each.includes('authorized_keys')) ?? '';
    expect(line).toMatch(/^f\+~ \/home\/vagrant\/\.ssh\/authorized_keys 0600 vagrant vagrant - /);
    expect(Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString()).toBe(root);
  });
});
