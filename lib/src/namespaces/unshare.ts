import type { SyscallProgram } from '../sys/index.ts';
import type { NamespaceKind } from './kinds.ts';

/** Appends one unshare(2) for all the kinds; nothing where there are none. */
export function appendUnshare(program: SyscallProgram, kinds: readonly NamespaceKind[]): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.from('/linux/namespaces', () => program.call('unshare', [flags]));
}
