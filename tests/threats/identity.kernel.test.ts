/** Threats 10 to 12: inheritable capabilities, supplementary groups, odd users. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSpec, stringifyExactJson, type Process } from 'coracle/oci';
import { bytes } from 'coracle/sys';
import { Box, failureOf, whyNoContainers } from './box.ts';
import { command, whyNoCommand } from './command.ts';
import { alterCalls } from './without.ts';

describe.skipIf(whyNoContainers() !== undefined)('who a container’s process is', () => {
  describe('inheritable capabilities (CVE-2022-29162, CVE-2022-24769)', () => {
    it('are none by default: created, running, and in exec', () => {
      using box = new Box();
      box.configure(['sleep', '1000']);
      const pid = box.create();
      expect(status(pid, 'CapInh')).toBe(NONE);
      box.runtime.start('box');
      expect(status(pid, 'CapInh')).toBe(NONE);
      expect(status(pid, 'CapPrm')).not.toBe(NONE);
      expect(box.exec(['grep', 'CapInh', '/proc/self/status']).stdout).toBe(`CapInh:\t${NONE}\n`);
    });

    it('are seen where the config asks for them', () => {
      using box = new Box();
      box.configure(['true'], (config) => {
        Object.assign(config.process?.capabilities ?? {}, { inheritable: ['CAP_KILL'] });
      });
      expect(status(box.create(), 'CapInh')).toBe('0000000000000020');
    });

    it.skipIf(whyNoCommand() !== undefined)('are not among what exec --cap adds', () => {
      using box = runningBox();
      const { stdout } = execCommand(
        box,
        '--cap',
        'CAP_NET_RAW',
        'box',
        'cat',
        '/proc/self/status',
      );
      expect(stdout).toMatch(/^CapInh:\t0{16}$/m);
      expect(BigInt(`0x${/^CapPrm:\t(\w+)$/m.exec(stdout)?.[1] ?? '0'}`) & (1n << 13n)).not.toBe(
        0n,
      );
    });
  });

  describe('supplementary groups (CVE-2022-36109)', () => {
    it('are exactly those of the config, none of the runtime’s own nor of /etc/group', () => {
      haveGroups([4242]);
      using box = new Box();
      box.plant('etc/group', 'extra:x:777:root\n', 0o644);
      box.plant('etc/passwd', 'root:x:0:0:root:/:/bin/sh\n', 0o644);
      for (const additionalGids of [[], [10, 20]]) {
        box.configure(['sleep', '1000'], ({ process }) => {
          Object.assign(process?.user ?? {}, { additionalGids });
        });
        expect(status(box.create(), 'Groups')).toBe(additionalGids.join(' '));
        box.runtime.delete('box', { force: true });
      }
    });

    it('are exactly those of the request in exec', () => {
      haveGroups([4242]);
      using box = runningBox();
      const groups = (additionalGids: number[]): string =>
        box.exec(['grep', 'Groups', '/proc/self/status'], {
          user: { uid: 0, gid: 0, additionalGids },
        }).stdout;
      expect(groups([]).trim()).toBe('Groups:');
      expect(groups([7, 8]).trim()).toBe('Groups:\t7 8');
    });

    it('without setgroups the runtime’s own would be seen', () => {
      haveGroups([4242]);
      using box = new Box();
      box.configure(['true']);
      const own = bytes(Uint8Array.of(0x92, 0x10, 0, 0));
      alterCalls((name, args) => (name === 'setgroups' ? [1, own] : args));
      expect(status(box.create(), 'Groups')).toBe('4242');
    });
  });

  describe('users (CVE-2024-40635)', () => {
    it.each([
      '-1',
      '4294967295',
      '4294967296',
      '9007199254740993',
      '1.5',
      '1e10',
      '"0"',
      '"root"',
      '[0]',
    ])('uid %s in the config is refused by its place, and nothing is left', (uid) => {
      using box = new Box();
      const config = stringifyExactJson({ ...defaultSpec(), process: plainProcess() });
      box.configureText(config.replace(/"uid":\s*0/, `"uid": ${uid}`));
      expect(failureOf(() => box.create()).message).toContain('/process/user/uid');
      expect(box.runtime.list()).toEqual([]);
    });

    it.each(['-1', '4294967295', '4294967296', '"wheel"'])(
      'additional group %s in the config is refused by its place',
      (gid) => {
        using box = new Box();
        const config = stringifyExactJson({ ...defaultSpec(), process: plainProcess() });
        box.configureText(config.replace(/"uid":\s*0/, `"additionalGids": [${gid}], "uid": 0`));
        expect(failureOf(() => box.create()).message).toContain('/process/user/additionalGids/0');
      },
    );

    it('the highest uid is itself, not 0', () => {
      using box = new Box();
      box.configure(['true'], ({ process }) => {
        Object.assign(process?.user ?? {}, { uid: 4_294_967_294 });
      });
      expect(status(box.create(), 'Uid')).toBe(Array(4).fill('4294967294').join('\t'));
    });

    it
      .skipIf(whyNoCommand() !== undefined)
      .each(['root', '-1', '1x', '4294967295', '4294967296', '1.5', '0:wheel', '0:-1', ' 0'])(
      'exec --user %j is refused with an error that names it, and runs nothing',
      (user) => {
        using box = runningBox();
        const { code, stdout, stderr } = execCommand(box, `--user=${user}`, 'box', 'touch', '/ran');
        expect({ code, stdout }).toEqual({ code: 255, stdout: '' });
        expect(stderr).toMatch(/uid|gid|user/i);
        expect(stderr).not.toMatch(/\n\s+at /);
        expect(readdirSync(box.rootfs)).not.toContain('ran');
      },
    );

    it.skipIf(whyNoCommand() !== undefined)(
      'exec --user 1000 is the number, not a user of that name',
      () => {
        using box = runningBox();
        box.plant('etc/passwd', '1000:x:0:0::/:/bin/sh\n', 0o644);
        expect(execCommand(box, '--user', '1000', 'box', 'id', '-u').stdout).toBe('1000\n');
      },
    );
  });
});

const NONE = '0'.repeat(16);

function status(pid: number, field: string): string {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return (lines.find((line) => line.startsWith(`${field}:`)) ?? '').slice(field.length + 1).trim();
}

/** Gives this process supplementary groups of its own until the test is over. */
function haveGroups(groups: number[]): void {
  const before = process.getgroups?.() ?? [];
  process.setgroups?.(groups);
  onTestFinished(() => process.setgroups?.(before));
}

function plainProcess(): Process {
  return {
    cwd: '/',
    ...defaultSpec().process,
    user: { uid: 0, gid: 0 },
    terminal: false,
    args: ['true'],
  };
}

function runningBox(): Box {
  const box = new Box();
  box.configure(['sleep', '1000']);
  box.create();
  box.runtime.start('box');
  return box;
}

function execCommand(box: Box, ...args: string[]): ReturnType<typeof command> {
  return command(['--root', box.state, 'exec', ...args]);
}
