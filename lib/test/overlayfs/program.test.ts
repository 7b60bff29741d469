import { describe, expect, it } from 'vitest';
import { appendOverlay, planOverlay } from '../../src/overlayfs/index.ts';
import { explain, MOUNT_ATTR_NODEV, SyscallProgram } from '../../src/sys/index.ts';

describe('an overlay in a program', () => {
  it('is configured, created and detached before anybody can see it', () => {
    const program = new SyscallProgram();
    const plan = planOverlay({
      lower: ['/l/2', '/l/1'],
      upper: '/c/u',
      work: '/c/w',
      userxattr: true,
      attributes: MOUNT_ATTR_NODEV,
    });
    appendOverlay(program, plan, { source: 'rootfs' });
    expect(explain(program).map((line) => line.replace(/^ *\d+ +/, ''))).toEqual([
      'fsopen("overlay", FSOPEN_CLOEXEC)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "source", "overlay", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "lowerdir+", "/l/2", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "lowerdir+", "/l/1", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "upperdir", "/c/u", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "workdir", "/c/w", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "index", "off", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_STRING, "metacopy", "off", 0)   # rootfs',
      'fsconfig($0, FSCONFIG_SET_FLAG, "userxattr", NULL, 0)   # rootfs',
      'fsconfig($0, FSCONFIG_CMD_CREATE, NULL, NULL, 0)   # rootfs',
      'fsmount($0, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV)   # rootfs',
      'close($0)',
    ]);
  });

  it.each([
    ['a path over 255 bytes', { lower: [`/${'x'.repeat(255)}`, '/l'] }, /cannot be a text/],
    ['an idmapped layer', { lower: ['/a', '/b'], lowerIdmapFd: 3 }, /an idmapped layer cannot be/],
  ])('cannot be made of %s', (_what, spec, message) => {
    expect(() => appendOverlay(new SyscallProgram(), planOverlay(spec))).toThrow(message);
  });

  it('takes a path of exactly 255 bytes', () => {
    const plan = planOverlay({ lower: [`/${'x'.repeat(254)}`, '/l'] });
    expect(() => appendOverlay(new SyscallProgram(), plan)).not.toThrow();
  });
});
