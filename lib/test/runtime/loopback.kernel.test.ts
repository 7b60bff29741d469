import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { appendLoopbackUp } from '../../src/runtime/loopback.ts';
import {
  CLONE_NEWNET,
  notify,
  socketpair,
  spawnProgram,
  SyscallProgram,
  space,
} from '../../src/sys/index.ts';

it('a new network namespace has lo down, then up with its address', () => {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  const pause = (tag: number): void => {
    notify(program, childControl.fd, tag);
    program.call('read', [childControl.fd, space(1), 1]);
  };
  program.call('unshare', [CLONE_NEWNET]);
  pause(1);
  appendLoopbackUp(program);
  pause(2);
  program.call('exit_group', [0]);
  using child = spawnProgram(program, { control, childControl, keep: [], name: 'loopback-test' });
  const look = (): string => {
    child.receive();
    const net = `--net=/proc/${child.pid}/ns/net`;
    return execFileSync('nsenter', [net, 'ip', '-brief', 'address', 'show', 'lo'], {
      encoding: 'utf8',
    });
  };

  const before = look();
  child.send();
  const after = look();
  child.send();

  expect(before).toMatch(/^lo +DOWN/);
  expect(after).toMatch(/^lo +UNKNOWN +127\.0\.0\.1\/8/);
  expect(child.wait()).toEqual({ code: 0 });
});
