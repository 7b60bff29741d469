import type { SyscallProgram } from '../sys/index.ts';
import type { NamespaceKind } from './kinds.ts';

/** Appends one setns(2) by pidfd or namespace file for all the kinds; nothing where there are none. */
export function appendSetns(
  program: SyscallProgram,
  fd: number,
  kinds: readonly NamespaceKind[],
): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.call('setns', [fd, flags], { source: 'the namespaces of the container' });
}
