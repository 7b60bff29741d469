/**
 * A program for tests: a host and a container, each a network namespace that ends with this process.
 *
 *     unshare --net node private-host.ts '{"host": […], "container": […], "devices": {…}}'
 *
 * Runs the `ip` commands of `host` here and those of `container` there, moves the devices, and
 * prints what it sees as JSON.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import type { LinuxNetDevices } from '../../../src/oci/index.ts';
import { moveNetDevices, NetDeviceError } from '../../../src/runtime/netdevices/index.ts';

export interface Scene {
  /** Arguments of `ip`, one command an entry. */
  readonly host: readonly string[];
  readonly container?: readonly string[];
  readonly devices: LinuxNetDevices;
  /** How the container's namespace is told to the function under test. */
  readonly by?: 'pid' | 'descriptor' | 'own namespace';
}

/** As `ip -json address` prints it, the parts that tests look at. */
export interface SeenLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly address: string;
  readonly mtu: number;
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    readonly broadcast?: string;
    readonly label?: string;
  }[];
}

export interface Seen {
  readonly names?: Record<string, string>;
  readonly error?: string;
  readonly host: readonly SeenLink[];
  readonly container: readonly SeenLink[];
  /** This process's namespace is the same after the move. */
  readonly stayed: boolean;
}

if (process.argv[1] === import.meta.filename) await main();

async function main(): Promise<void> {
  const scene = JSON.parse(process.argv[2] ?? '') as Scene;
  const container = spawn('unshare', ['--net', 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(container.stdout, 'data');
  const pid = container.pid ?? 0;
  for (const command of scene.host) ip([], command);
  for (const command of scene.container ?? []) ip(inside(pid), command);
  const before = readlinkSync('/proc/self/ns/net');
  const outcome = move(scene, pid);
  const seen: Seen = {
    ...outcome,
    host: JSON.parse(ip([], '-json address')) as SeenLink[],
    container: JSON.parse(ip(inside(pid), '-json address')) as SeenLink[],
    stayed: readlinkSync('/proc/self/ns/net') === before,
  };
  container.stdin.end();
  await once(container, 'exit');
  console.log(JSON.stringify(seen));
}

function move({ devices, by = 'pid' }: Scene, pid: number): { error?: string } {
  const path = by === 'own namespace' ? '/proc/self/ns/net' : `/proc/${pid}/ns/net`;
  const netnsFd = openSync(path, 'r');
  try {
    return { names: moveNetDevices(devices, by === 'pid' ? { pid } : { netnsFd }) } as object;
  } catch (error) {
    if (!(error instanceof NetDeviceError)) throw error;
    return { error: `${error.code} ${error.message}` };
  } finally {
    closeSync(netnsFd);
  }
}

function inside(pid: number): string[] {
  return ['nsenter', `--net=/proc/${pid}/ns/net`];
}

function ip(prefix: readonly string[], command: string): string {
  const [program = 'ip', ...args] = [...prefix, 'ip', ...command.split(' ')];
  return execFileSync(program, args, { encoding: 'utf8' });
}
