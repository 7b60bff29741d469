import { renameSync, writeFileSync } from 'node:fs';

/** Writes a PID as text, whole or not at all: containerd polls for this file. */
export function writePidFile(path: string | undefined, pid: number): void {
  if (path === undefined) return;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, String(pid));
  renameSync(temporary, path);
}
