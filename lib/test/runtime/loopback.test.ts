import { expect, it } from 'vitest';
import { appendLoopbackUp } from '../../src/runtime/loopback.ts';
import { SyscallProgram, type Argument } from '../../src/sys/index.ts';

/** The bytes behind a pointer argument, in hexadecimal. */
function contents(argument: Argument | undefined): string {
  if (typeof argument !== 'object' || argument?.kind !== 'bytes') return '';
  return Buffer.from(argument.bytes ?? []).toString('hex');
}

it('bringing lo up is one ioctl, on a socket that is closed again', () => {
  const program = new SyscallProgram();
  appendLoopbackUp(program);
  const [socket, ioctl, close] = program.operations;
  expect(program.operations.map(({ name }) => name)).toEqual(['socket', 'ioctl', 'close']);
  expect(ioctl?.args.slice(0, 2)).toEqual([{ kind: 'result', operation: socket }, 0x8914]);
  expect(close?.args).toEqual([{ kind: 'result', operation: socket }]);
  // struct ifreq: char ifr_name[16], then short ifr_flags in a union of 24 bytes.
  expect(contents(ioctl?.args[2])).toBe(`6c6f${'00'.repeat(14)}0100${'00'.repeat(22)}`);
});
