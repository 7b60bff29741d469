/** What a pull or push tells of one piece, as a line. */
import type { Progress as Piece } from 'coracle/registry';
import type { Progress } from './progress.ts';

/** @param running while bytes flow; @param done when they are all there. */
export function transferLine(
  progress: Progress,
  { status, descriptor, offset }: Piece,
  running: string,
  done: string,
): void {
  const name = descriptor.digest.slice(7, 19);
  const states: Readonly<Record<Piece['status'], string | undefined>> = {
    resolved: undefined,
    exists: 'Already exists',
    waiting: 'Waiting',
    transferring: running,
    mounted: 'Mounted from another repository',
    done,
  };
  const state = states[status];
  if (state === undefined) return;
  const counts = status === 'transferring' ? { done: offset, total: descriptor.size } : {};
  progress.set(name, { state, ...counts });
}
