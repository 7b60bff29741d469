/**
 * Chapter 02, running: limits as data, then the data made true on this machine.
 *
 * As root it makes a cgroup, limits real processes in it and removes it again. Without root it
 * says what it needs, and shows every write that it would do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import {
  CgroupError,
  createCgroup,
  detectHost,
  explainDeviceProgram,
  explainWrites,
  oomKills,
  planPaths,
  planResources,
  readHost,
} from 'coracle/cgroups';
import type { Cgroup, CgroupHost } from 'coracle/cgroups';
import type { LinuxResources } from 'coracle/oci';

const MB = 1 << 20;
const CGROUPS_PATH = `/coracle-chapter-02-${process.pid}`;

/** As an engine would write it into config.json, at /linux/resources. */
const RESOURCES: LinuxResources = {
  cpu: { shares: 512, quota: 20_000, period: 100_000 },
  memory: { limit: 32 * MB, swap: 32 * MB },
  pids: { limit: 20 },
  devices: [
    { allow: false, access: 'rwm' },
    { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' },
  ],
};

const host = readHost();
showHost(host);
showPlan(host);
showOtherVersion(host);
showDeviceProgram();
if (process.getuid?.() === 0) await onThisMachine(host);
else say(styleText('yellow', 'The rest makes cgroups, which needs root: sudo ./workbook run 02'));

function showHost({ kind, hierarchies }: CgroupHost): void {
  title('What does this machine have?');
  say(`It is a ${styleText('bold', kind)} host. /proc/self/mountinfo and /proc/self/cgroup say:`);
  for (const { version, mountpoint, controllers, own } of hierarchies) {
    const names = controllers.join(', ') || 'no controllers';
    line(`v${version}  ${mountpoint.padEnd(24)} ${names}; this process is in ${own}`);
  }
}

function showPlan(current: CgroupHost): void {
  title('The plan: limits are writes into files');
  say(`A container at ${CGROUPS_PATH} gets a directory in each hierarchy:`);
  for (const directory of new Set(Object.values(planPaths(current, CGROUPS_PATH)))) line(directory);
  say('and these lines, each with the place in config.json that it comes from:');
  for (const text of explainWrites(planResources(current, RESOURCES)).split('\n')) line(text);
}

/** On a host of the one version, the plan for a host of the other. */
function showOtherVersion({ kind }: CgroupHost): void {
  const version = kind === 'v2' ? 1 : 2;
  title(`The same limits on a machine with version ${version}`);
  const writes = planResources(version === 1 ? versionOneHost() : versionTwoHost(), RESOURCES);
  const files = writes.filter((write) => !('program' in write));
  for (const text of explainWrites(files).split('\n')) line(text);
}

/** The main hierarchies of a machine that has nothing but version 1. */
function versionOneHost(): CgroupHost {
  const names = ['cpu', 'memory', 'devices', 'pids'];
  const mounts = names.map((n) => `31 25 0:28 / /sys/fs/cgroup/${n} rw - cgroup cgroup rw,${n}`);
  const selfCgroup = names.map((name, index) => `${index}:${name}:/`).join('\n');
  return detectHost({ mountinfo: mounts.join('\n'), selfCgroup });
}

function versionTwoHost(): CgroupHost {
  return detectHost({
    mountinfo: '30 25 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    selfCgroup: '0::/init.scope\n',
    unifiedControllers: 'cpuset cpu io memory hugetlb pids',
  });
}

function showDeviceProgram(): void {
  title('Devices on version 2: a program');
  const [write] = planResources(versionTwoHost(), RESOURCES).filter((each) => 'program' in each);
  if (write === undefined) throw new TypeError('the plan has no device program');
  const code = explainDeviceProgram(write.program);
  say(`Devices have no file there. The rules become ${code.length} instructions for the kernel:`);
  for (const [index, text] of code.slice(0, 12).entries()) line(`${index}: ${text}`);
  line('…');
}

async function onThisMachine(current: CgroupHost): Promise<void> {
  title('The real thing');
  const began = performance.now();
  const cgroup = createCgroup(current, CGROUPS_PATH);
  try {
    cgroup.apply(planResources(current, RESOURCES));
    say(`Made and limited in ${(performance.now() - began).toFixed(1)} ms.`);
    await slowDown(cgroup);
    runOutOfMemory(cgroup, current);
    refuseDevice(cgroup);
    stopForks(cgroup);
    tooSmall(cgroup);
  } finally {
    cgroup.kill('SIGKILL');
    cgroup.delete();
    say(`Removed: ${styleText('bold', cgroup.exists() ? 'no!' : 'yes')}.`);
  }
}

/** What a process does to be in the cgroup: writes "0", itself, into each file. */
function joined(cgroup: Cgroup, script: string): string[] {
  const files = cgroup.joinFiles().join(' ');
  return ['-c', `for file in ${files}; do echo 0 > $file; done; ${script}`];
}

async function slowDown(cgroup: Cgroup): Promise<void> {
  say('An endless loop joins. Its quota is 20 ms of CPU in every 100 ms:');
  const child = spawn('sh', joined(cgroup, 'while :; do :; done'), { stdio: 'ignore' });
  await sleep(200);
  const before = cgroup.stats();
  await sleep(1000);
  const after = cgroup.stats();
  const used = Number(after.cpu.usage.total - before.cpu.usage.total) / 1e6;
  line(
    `in 1000 ms it ran for ${used.toFixed(0)} ms, and was stopped ${after.cpu.throttling.throttledPeriods} times`,
  );
  cgroup.freeze();
  const frozen = cgroup.stats().cpu.usage.total;
  await sleep(200);
  line(`frozen for 200 ms, it ran for ${cgroup.stats().cpu.usage.total - frozen} ns`);
  cgroup.thaw();
  cgroup.kill('SIGKILL');
  await once(child, 'exit');
  line(`killed: it ended by ${child.signalCode ?? 'itself'}`);
}

/** The processes outlast the loop however slow the machine is, and nobody waits for their output. */
function stopForks(cgroup: Cgroup): void {
  say('A shell starts processes until it may not:');
  const script =
    'i=0; while [ $i -lt 50 ]; do sleep 60 >/dev/null 2>&1 & i=$((i+1)); echo $i; done';
  const { stdout, stderr } = spawnSync('sh', joined(cgroup, script), { encoding: 'utf8' });
  cgroup.kill('SIGKILL');
  line(
    `it got ${stdout.trim().split('\n').length} of 50, then: ${stderr.trim().split('\n')[0] ?? ''}`,
  );
}

function runOutOfMemory(cgroup: Cgroup, { controllers }: CgroupHost): void {
  say('A program wants 200 MB where 32 are allowed:');
  const script = 'head -c 200000000 /dev/zero | tail -c 200000000 > /dev/null';
  const { status } = spawnSync('sh', joined(cgroup, script));
  line(
    `exit status ${status ?? 'none'} (137 is 128 + SIGKILL); the kernel counts ${oomKills(cgroup.paths)} OOM kill`,
  );
  const memory = controllers.get('memory');
  const file = memory?.version === 1 ? 'memory.max_usage_in_bytes' : 'memory.peak';
  const directory = cgroup.paths.memory ?? cgroup.paths[''] ?? '';
  line(`its peak: ${readFileSync(join(directory, file), 'utf8').trim()} bytes`);
}

function refuseDevice(cgroup: Cgroup): void {
  say('Root opens a device that no rule allows, and one that every container has:');
  for (const device of ['/dev/kmsg', '/dev/null']) {
    const script = `exec 3< ${device} && echo may be opened`;
    const { stdout, stderr } = spawnSync('sh', joined(cgroup, script), { encoding: 'utf8' });
    line(`${device}: ${(stdout + stderr).trim()}`);
  }
}

function tooSmall(cgroup: Cgroup): void {
  say('What the kernel refuses becomes an error with the reason:');
  try {
    const resources = { cpu: { cpus: '4000' } };
    cgroup.apply(planResources(cgroup.host, resources, { devices: 'skip' }));
  } catch (error) {
    if (!(error instanceof CgroupError)) throw error;
    line(`${error.code}: ${error.message}`);
  }
}

function title(text: string): void {
  console.log(`\n${styleText(['bold', 'cyan'], text)}`);
}

function say(text: string): void {
  console.log(text);
}

function line(text: string): void {
  console.log(styleText('dim', `    ${text}`));
}
