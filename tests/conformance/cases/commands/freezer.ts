// runc pause and resume.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { cgroupFile, hasExited } from '../../harness/observe.ts';

export const freezerCases: Case[] = [
  {
    section: 'runc-pause(8)',
    title: 'pause freezes: state says paused, the program stands still; resume lets it go on',
    needs: controlled('freezer'),
    steps: async (box) => {
      await box.started('i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done');
      await box.printed(/\n3/);
      box.succeeded(await box.call('pause', box.id), 'pause');
      box.equal((await box.state()).status, 'paused', 'status');
      if (box.host.cgroups === 'v2') {
        box.match(cgroupFile(box, '', 'cgroup.events'), /^frozen 1$/m, 'cgroup.events');
      } else {
        box.equal(cgroupFile(box, 'freezer', 'freezer.state'), 'FROZEN', 'freezer.state');
      }
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
    needs: controlled('freezer'),
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
    needs: controlled('freezer'),
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('pause', box.id), 'pause');
      box.failed(await box.exec('true'), 'exec');
    },
  },
];
