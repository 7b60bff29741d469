/**
 * Takes a defence out of the programs that the runtime builds, so that a test can show that it
 * would see the defence missing.
 */
import { onTestFinished, vi } from 'vitest';
import { SyscallProgram, words, type Argument, type SyscallName } from 'coracle/sys';

/** From now to the end of the test every call is appended with the arguments that `alter` gives. */
export function alterCalls(
  alter: (name: SyscallName, args: readonly Argument[]) => readonly Argument[],
): void {
  // It is called with the program as `this` below.
  // oxlint-disable-next-line typescript/unbound-method
  const call = SyscallProgram.prototype.call;
  const spy = vi.spyOn(SyscallProgram.prototype, 'call').mockImplementation(function altered(
    this: SyscallProgram,
    name,
    args,
    options,
  ) {
    return call.call(this, name, alter(name, args), options);
  });
  onTestFinished(() => spy.mockRestore());
}

/** openat2(2) without its RESOLVE_ flags: names lead wherever symlinks point. */
export function resolveAnywhere(): void {
  alterCalls((name, args) => {
    const [root = null, path = null, how] = args;
    if (name !== 'openat2' || typeof how !== 'object' || how?.kind !== 'words') return args;
    const [flags = 0, mode = 0] = how.words ?? [];
    return [root, path, words([flags, mode, 0]), 24];
  });
}
