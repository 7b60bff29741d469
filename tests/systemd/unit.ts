/** What systemd, and the kernel, say of a unit: from outside, by systemctl and the cgroup's files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Why these tests cannot run here, or `undefined`. */
export function whyNoSystemd(): string | undefined {
  if (process.getuid?.() !== 0) return 'these tests need root';
  if (!existsSync('/run/systemd/system')) return 'systemd does not run here';
  if (!existsSync('/sys/fs/cgroup/cgroup.controllers')) return 'these tests need cgroup v2';
  return existsSync('/bin/busybox') ? undefined : 'not installed: busybox-static';
}

/** Such as 252. */
export function systemdVersion(): number {
  const text = execFileSync('systemctl', ['--version'], { encoding: 'utf8' });
  return Number(/^systemd (\d+)/.exec(text)?.[1]);
}

/** Every property of a unit; one that is listed on several lines has them joined by newlines. */
export function show(unit: string): Map<string, string> {
  const found = new Map<string, string>();
  const text = execFileSync('systemctl', ['show', '--all', unit], { encoding: 'utf8' });
  for (const line of text.split('\n').filter(Boolean)) {
    const at = line.indexOf('=');
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return found;
}

/** Some properties of a unit, as one object. */
export function properties(unit: string, ...names: readonly string[]): Record<string, string> {
  const all = show(unit);
  return Object.fromEntries(names.map((name) => [name, all.get(name) ?? '(none)']));
}

/** Runs systemctl, which must succeed. */
export function systemctl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('systemctl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`systemctl ${args.join(' ')}: ${stderr}`);
}

/** Files that say what is used, or counted, rather than what is allowed. */
const MEASURES =
  /\.(current|events|events\.local|stat|stat\.local|peak|pressure|procs|threads|effective|rsvd\.current)$|^cgroup\.(events|stat|kill)$|numa_stat$|^cpuset\.cpus\.exclusive/;

/** The text of every file of a cgroup that holds a setting. */
export function settings(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(directory).toSorted()) {
    const file = path.join(directory, name);
    if (MEASURES.test(name) || !statSync(file).isFile()) continue;
    if ((statSync(file).mode & 0o444) !== 0) found[name] = readFileSync(file, 'utf8').trim();
  }
  return found;
}
