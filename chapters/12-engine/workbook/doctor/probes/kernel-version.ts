import { release } from 'node:os';
import { yesIf, type Finding } from './finding.ts';

/** The last resort, where a feature cannot be tried: a distribution may have brought it back. */
export function kernelAtLeast(major: number, minor: number, running: string = release()): Finding {
  const [ownMajor = 0, ownMinor = 0] = running.split(/[.-]/).map(Number);
  const old = ownMajor < major || (ownMajor === major && ownMinor < minor);
  return yesIf(!old, `Linux ${running}, judged by its number alone`);
}
