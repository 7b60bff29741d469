// runc exec: where it runs, as whom, and how it ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { hasExited, namespaceOf } from '../../harness/observe.ts';

export const execCases: Case[] = [
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
      const line = box.host.cgroups === 'v2' ? '^0:' : 'pids';
      const own = await box.exec(`grep ${line} /proc/self/cgroup`);
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
