/** The mounts of this process's mount namespace (proc_pid_mountinfo(5)). */
import { readFileSync } from 'node:fs';

/** One line of mountinfo; options are left out. */
export interface MountedPlace {
  readonly point: string;
  readonly type: string;
  readonly source: string;
  /** What of the filesystem is seen there. */
  readonly root: string;
}

/** In the order in which they were mounted. */
export function readMounts(): MountedPlace[] {
  return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** The lines of a mountinfo file. Pure. */
export function parseMounts(mountinfo: string): MountedPlace[] {
  return mountinfo
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , , root = '?', point = '?'] = before.split(' ').map(unescapeOctal);
      const [type = '?', source = '?'] = after.split(' ').map(unescapeOctal);
      return { point, type, source, root };
    });
}

/** Blanks and backslashes are written as `\ooo`, byte by byte. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
  return Buffer.from(plain, 'latin1').toString();
}
