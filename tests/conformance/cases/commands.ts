// The runc command line beyond the specification's operations: exec, update, pause, resume, ps,
// events, list, spec, and the global flags that engines rely on.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import { Skip } from '../harness/case.ts';
import { v1 } from '../harness/host.ts';
import { cgroupFile, hasExited, namespaceOf } from '../harness/observe.ts';

/** Skips for a runtime that does not have the command at all. */
async function needsCommand(box: Box, command: string): Promise<void> {
  const help = await box.callWith({ globals: [] }, '--help');
  if (!new RegExp(`^\\s*${command}\\b`, 'm').test(help.out)) {
    throw new Skip(`the runtime has no command ${command}`);
  }
}

const exec: Case[] = [
  {
    section: 'runc-exec(8)',
    title: 'exec runs in all namespaces and the cgroup of the container',
    steps: async (box) => {
      const pid = await box.started();
      const names = ['pid', 'net', 'ipc', 'uts', 'mnt'];
      const result = await box.exec(
        `for n in ${names.join(' ')}; do readlink /proc/self/ns/$n; done`,
      );
      const expected = names.map((name) => namespaceOf(pid, name));
      box.equal(result.out.trim().split('\n'), expected, 'namespaces');
      const own = await box.exec('grep pids /proc/self/cgroup');
      box.match(own.out, new RegExp(`:${box.cgroup}$`, 'm'), 'cgroup');
    },
  },
  {
    section: 'runc-exec(8)',
    title: "exec exits with the program's code",
    steps: async (box) => {
      await box.started();
      box.equal((await box.exec('exit 42')).code, 42, 'exit code');
    },
  },
  {
    section: 'runc-exec(8)',
    title: 'exec exits with 128 + signal',
    steps: async (box) => {
      await box.started();
      box.equal((await box.exec('kill -TERM $$; sleep 5')).code, 143, 'exit code');
    },
  },
  {
    section: 'runc-exec(8)',
    title: "exec has the environment and working directory of the config's process",
    config: { '/process/cwd': '/etc', '/process/env': ['PATH=/bin', 'A=1'] },
    steps: async (box) => {
      await box.started();
      box.equal((await box.exec('pwd; echo $A')).out, '/etc\n1\n', 'output');
    },
  },
  {
    section: 'runc-exec(8)',
    title: '--cwd, --env and --user',
    steps: async (box) => {
      await box.started();
      const flags = ['--cwd', '/tmp', '--env', 'B=2', '--user', '1000:1001'];
      const result = await box.exec('pwd; echo $B; id -u; id -g', ...flags);
      box.equal(result.out, '/tmp\n2\n1000\n1001\n', 'output');
    },
  },
  {
    section: 'runc-exec(8)',
    title: '--process takes the process from a file',
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'process.json');
      const spec = {
        cwd: '/etc',
        args: ['/bin/sh', '-c', 'pwd; echo $C; id -u; id -G; grep NoNewPrivs /proc/$$/status'],
        env: ['PATH=/bin', 'C=3'],
        user: { uid: 7, gid: 8, additionalGids: [9] },
        noNewPrivileges: true,
      };
      writeFileSync(file, JSON.stringify(spec));
      const result = await box.call('exec', '--process', file, box.id);
      box.equal(result.out, '/etc\n3\n7\n8 9\nNoNewPrivs:\t1\n', 'output');
    },
  },
  {
    section: 'runc-exec(8)',
    title: '--detach returns at once, --pid-file has the pid on the host',
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'exec.pid');
      const result = await box.exec('exec sleep 50', '--detach', '--pid-file', file);
      box.succeeded(result, 'exec --detach');
      const pid = Number(readFileSync(file, 'utf8'));
      box.that(pid > 1 && !hasExited(pid), 'the process lives', pid);
    },
  },
  {
    section: 'runc-exec(8)',
    title: 'exec of a program that does not exist is an error',
    steps: async (box) => {
      await box.started();
      box.failed(await box.call('exec', box.id, '/no/such/program'), 'exec');
    },
  },
  {
    section: 'runc-exec(8)',
    title: 'exec in a stopped container is an error',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.exec('true'), 'exec');
    },
  },
  {
    section: 'runc-exec(8)',
    title: 'exec in a container that does not exist is an error',
    steps: async (box) => box.failed(await box.exec('true'), 'exec'),
  },
  {
    section: 'runc-exec(8)',
    title: 'exec passes its stdin on',
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'input');
      writeFileSync(file, 'through stdin\n');
      const result = await box.callWith({ stdin: file }, 'exec', box.id, '/bin/cat');
      box.equal(result.out, 'through stdin\n', 'output');
    },
  },
];

const freezer: Case[] = [
  {
    section: 'runc-pause(8)',
    title: 'pause freezes: state says paused, the program stands still; resume lets it go on',
    needs: v1('freezer'),
    steps: async (box) => {
      await box.started('i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done');
      await box.printed(/\n3/);
      box.succeeded(await box.call('pause', box.id), 'pause');
      box.equal((await box.state()).status, 'paused', 'status');
      box.equal(cgroupFile(box, 'freezer', 'freezer.state'), 'FROZEN', 'freezer.state');
      const before = box.output();
      await sleep(100);
      box.equal(box.output().length, before.length, 'length of the output while paused');
      box.succeeded(await box.call('resume', box.id), 'resume');
      box.equal((await box.state()).status, 'running', 'status after resume');
      await box.eventually(() => box.output().length > before.length, 'the program goes on');
    },
  },
  {
    section: 'runc-pause(8)',
    title: 'pause of a stopped container is an error',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.call('pause', box.id), 'pause');
    },
  },
  {
    section: 'runc-resume(8)',
    title: 'resume of a container that is not paused is an error',
    steps: async (box) => {
      await box.started();
      box.failed(await box.call('resume', box.id), 'resume');
    },
  },
  {
    section: 'runc-delete(8)',
    title: 'delete of a paused container is an error, delete --force removes it',
    needs: v1('freezer'),
    steps: async (box) => {
      const pid = await box.started();
      box.succeeded(await box.call('pause', box.id), 'pause');
      box.failed(await box.delete(), 'delete');
      box.succeeded(await box.delete('--force'), 'delete --force');
      box.that(hasExited(pid), 'the process is dead', pid);
    },
  },
  {
    section: 'runc-exec(8)',
    title: 'exec in a paused container is an error',
    needs: v1('freezer'),
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('pause', box.id), 'pause');
      box.failed(await box.exec('true'), 'exec');
    },
  },
];

/** `update` with these flags must write `value` to the file. */
function updates(flags: string[], controller: string, file: string, value: string): Case {
  return {
    section: 'runc-update(8)',
    title: `update ${flags.join(' ')}`,
    needs: v1(controller),
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('update', ...flags, box.id), 'update');
      box.equal(cgroupFile(box, controller, file), value, file);
    },
  };
}

const update: Case[] = [
  updates(['--memory', '50331648'], 'memory', 'memory.limit_in_bytes', '50331648'),
  updates(['--memory-reservation', '33554432'], 'memory', 'memory.soft_limit_in_bytes', '33554432'),
  updates(['--cpu-share', '300'], 'cpu', 'cpu.shares', '300'),
  updates(['--cpu-quota', '40000', '--cpu-period', '80000'], 'cpu', 'cpu.cfs_quota_us', '40000'),
  updates(['--cpuset-cpus', '0'], 'cpuset', 'cpuset.cpus', '0'),
  updates(['--pids-limit', '42'], 'pids', 'pids.max', '42'),
  {
    section: 'runc-update(8)',
    title: 'update --resources FILE',
    needs: v1('pids'),
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'resources.json');
      writeFileSync(file, JSON.stringify({ pids: { limit: 33 }, cpu: { shares: 200 } }));
      box.succeeded(await box.call('update', '--resources', file, box.id), 'update');
      box.equal(cgroupFile(box, 'pids', 'pids.max'), '33', 'pids.max');
      box.equal(cgroupFile(box, 'cpu', 'cpu.shares'), '200', 'cpu.shares');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update --resources - reads stdin',
    needs: v1('pids'),
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'resources.json');
      writeFileSync(file, JSON.stringify({ pids: { limit: 33 } }));
      const result = await box.callWith({ stdin: file }, 'update', '--resources', '-', box.id);
      box.succeeded(result, 'update');
      box.equal(cgroupFile(box, 'pids', 'pids.max'), '33', 'pids.max');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update leaves what it does not name as it was',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 67_108_864 } },
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('update', '--pids-limit', '42', box.id), 'update');
      box.equal(cgroupFile(box, 'memory', 'memory.limit_in_bytes'), '67108864', 'memory limit');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update of a stopped container is an error',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.call('update', '--pids-limit', '42', box.id), 'update');
    },
  },
];

interface Stats {
  type: string;
  id: string;
  data: { memory?: { usage?: { usage?: number } }; pids?: { current?: number }; cpu?: object };
}

const looking: Case[] = [
  {
    section: 'runc-ps(8)',
    title: 'ps -f json has the pids on the host',
    steps: async (box) => {
      const pid = await box.started('sleep 100 & echo up; wait');
      await box.printed(/up/);
      const result = await box.call('ps', '-f', 'json', box.id);
      const pids = JSON.parse(result.out) as number[];
      box.equal([pids.length, pids.includes(pid)], [2, true], 'processes, and init among them');
    },
  },
  {
    section: 'runc-ps(8)',
    title: 'ps shows a table like ps(1)',
    steps: async (box) => {
      const pid = await box.started();
      const result = await box.call('ps', box.id);
      box.match(result.out, /PID/, 'head');
      box.match(result.out, new RegExp(`\\b${pid}\\b`), 'the process');
    },
  },
  {
    section: 'runc-events(8)',
    title: 'events --stats prints one JSON line with memory, cpu and pids',
    needs: v1('pids'),
    steps: async (box) => {
      await needsCommand(box, 'events');
      await box.started();
      const result = await box.call('events', '--stats', box.id);
      const event = JSON.parse(result.out) as Stats;
      box.equal([event.type, event.id], ['stats', box.id], 'type and id');
      box.equal(event.data.pids?.current, 1, 'pids.current');
      box.that((event.data.memory?.usage?.usage ?? 0) > 0, 'memory.usage.usage', event.data.memory);
      box.equal(typeof event.data.cpu, 'object', 'type of cpu');
    },
  },
  {
    section: 'runc-list(8)',
    title: 'list shows containers with their status; -q shows ids; -f json is JSON',
    steps: async (box) => {
      const pid = await box.started();
      box.match((await box.call('list')).out, new RegExp(`${box.id}.*running`), 'table');
      box.equal((await box.call('list', '-q')).out.trim(), box.id, 'ids');
      const json = (await box.call('list', '-f', 'json')).out;
      const [entry] = JSON.parse(json) as { id: string; pid: number; status: string }[];
      box.equal([entry?.id, entry?.pid, entry?.status], [box.id, pid, 'running'], 'entry');
    },
  },
  {
    section: 'runc-list(8)',
    title: 'list without containers shows none',
    steps: async (box) => {
      const result = await box.call('list', '-q');
      box.equal([result.code, result.out.trim()], [0, ''], 'code and output');
    },
  },
];

const general: Case[] = [
  {
    section: 'runc-spec(8)',
    title: 'spec writes a config.json that can be run, and refuses to overwrite one',
    steps: async (box) => {
      const there = { cwd: box.bundle };
      box.succeeded(await box.callWith(there, 'spec'), 'spec');
      box.failed(await box.callWith(there, 'spec'), 'a second spec');
      box.config = JSON.parse(readFileSync(join(box.bundle, 'config.json'), 'utf8')) as {};
      const capabilities = { bounding: [], effective: [], permitted: [] };
      box.patch({
        '/process/terminal': false,
        '/process/capabilities': capabilities,
        '/process/rlimits': [],
        '/linux/cgroupsPath': box.cgroup,
      });
      await box.prints('echo ran', 'ran');
    },
  },
  {
    section: 'runc-run(8)',
    title: 'run --detach returns while the program runs, --pid-file has its pid',
    steps: async (box) => {
      const file = join(box.dir, 'run.pid');
      const result = await box.run('exec sleep 50', '--detach', '--pid-file', file);
      box.succeeded(result, 'run --detach');
      const pid = Number(readFileSync(file, 'utf8'));
      const state = await box.state();
      box.equal([state.status, state.pid], ['running', pid], 'status and pid');
    },
  },
  {
    section: 'runc-create(8)',
    title: '--no-pivot works',
    steps: async (box) => {
      const result = await box.run('cat /etc/passwd', '--no-pivot');
      box.match(result.out, /^root:x:0:0/, 'output');
    },
  },
  {
    section: 'runc-create(8)',
    title: '--pid-file is complete when create returns',
    steps: async (box) => {
      const pid = await box.created();
      box.equal(pid, (await box.state()).pid, 'pid');
    },
  },
  {
    section: 'runc-kill(8)',
    title: 'kill --all reaches every process of the container',
    config: { '/linux/namespaces': ['mount', 'ipc', 'uts'].map((type) => ({ type })) },
    steps: async (box) => {
      const pid = await box.started('sleep 100 & echo $!; wait');
      const other = Number(await box.printed(/\d/));
      box.succeeded(await box.call('kill', '--all', box.id, 'KILL'), 'kill --all');
      await box.eventually(() => hasExited(pid) && hasExited(other), 'both processes die');
    },
  },
  {
    section: 'runc(8)',
    title: '--log FILE --log-format json: the last line has level error and the message',
    steps: async (box) => {
      const log = join(box.dir, 'log.json');
      const globals = ['--root', box.root, '--log', log, '--log-format', 'json'];
      const result = await box.callWith({ globals }, 'state', 'nobody');
      box.that(result.code !== 0, 'state fails', result.code);
      box.that(existsSync(log), 'the log is there', 'absent');
      const last = readFileSync(log, 'utf8').trim().split('\n').pop() ?? '';
      const line = JSON.parse(last) as { level: string; msg: string };
      box.equal(line.level, 'error', 'level');
      box.match(line.msg, /does not exist|No such file/, 'message');
    },
  },
  {
    section: 'runc(8)',
    title: '--version names the version of the specification',
    steps: async (box) => {
      const result = await box.callWith({ globals: [] }, '--version');
      box.match(result.out, /^spec: 1\.\d+\.\d+/m, 'output');
    },
  },
  {
    section: 'runc(8)',
    title: 'a command that does not exist is an error',
    steps: async (box) => box.failed(await box.call('no-such-command'), 'no-such-command'),
  },
  {
    section: 'runc(8)',
    title: 'a flag that does not exist is an error',
    steps: async (box) => {
      box.failed(await box.call('state', '--no-such-flag', box.id), 'state --no-such-flag');
    },
  },
  {
    section: 'runc-kill(8)',
    title: 'kill of a stopped container says "container not running"',
    steps: async (box) => {
      await box.stopped();
      const result = await box.kill('TERM');
      box.match(
        result.err,
        /container not running|no such process|process already finished|cannot be killed/i,
        'message',
      );
    },
  },
  {
    section: 'runc-state(8)',
    title: 'state of a container that does not exist says "does not exist"',
    steps: async (box) => {
      const result = await box.call('state', 'nobody');
      box.match(result.err, /does not exist|No such file or directory/, 'message');
    },
  },
];

export const commandsCases: Case[] = [...exec, ...freezer, ...update, ...looking, ...general];
