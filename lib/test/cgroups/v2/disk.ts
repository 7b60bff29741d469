/** The machine's own disk, for tests of the io controller. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Disk {
  readonly major: number;
  readonly minor: number;
}

/** The whole disk that holds `folder`, since a partition has no limits of its own; or none. */
export function diskOf(folder: string): Disk | undefined {
  const { dev } = statSync(folder);
  // makedev(3): 12 bits of major above 8 of minor; larger minors are no disk's here.
  const link = `/sys/dev/block/${(dev >> 8) & 0xfff}:${dev & 0xff}`;
  if (!existsSync(link)) return undefined;
  const device = realpathSync(link);
  const whole = existsSync(join(device, 'partition')) ? dirname(device) : device;
  if (!existsSync(`/sys/block/${basename(whole)}`)) return undefined;
  const [major, minor] = readFileSync(join(whole, 'dev'), 'utf8').trim().split(':').map(Number);
  return major === undefined || minor === undefined ? undefined : { major, minor };
}
