// runc spec, run, kill, and the global flags that engines rely on.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { hasExited } from '../../harness/observe.ts';

export const generalCases: Case[] = [
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
