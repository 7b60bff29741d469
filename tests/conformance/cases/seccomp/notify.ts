// config-linux.md, seccomp: the agent behind listenerPath.

import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { status } from '../../harness/observe.ts';
import { Listener } from '../../harness/socket.ts';
import { SECCOMP, profile, rule } from './profile.ts';

const NOTIFY = 'config-linux.md#containerprocessstate';

/** A listening agent, and a profile that notifies it of mkdir. */
async function withAgent(box: Box): Promise<Listener> {
  const agent = await Listener.open(join(box.dir, 'agent.sock'));
  box.undo.push(() => agent.close());
  box.patch({
    ...profile(rule('SCMP_ACT_NOTIFY')),
    '/linux/seccomp/listenerPath': agent.path,
    '/linux/seccomp/listenerMetadata': 'opaque',
    '/annotations': { 'com.example.key': 'value' },
  });
  return agent;
}

interface ProcessState {
  ociVersion: string;
  fds: string[];
  pid: number;
  metadata?: string;
  state: { id: string; status: string; pid: number; bundle: string; annotations: object };
}

export const notifyCases: Case[] = [
  {
    section: NOTIFY,
    title: 'the agent receives the container process state, once',
    since: '1.1',
    steps: async (box) => {
      const agent = await withAgent(box);
      const pid = await box.created();
      const sent = JSON.parse(await agent.read()) as ProcessState;
      box.match(sent.ociVersion, /^1\.\d/, 'ociVersion');
      box.equal(
        [sent.fds, sent.pid, sent.metadata],
        [['seccompFd'], pid, 'opaque'],
        'fds, pid, metadata',
      );
      const { id, status: now, bundle, annotations } = sent.state;
      box.equal([id, now, bundle], [box.id, 'creating', box.bundle], 'state');
      box.equal(annotations, { 'com.example.key': 'value' }, 'annotations');
      box.equal(agent.connections, 1, 'connections');
    },
  },
  {
    section: NOTIFY,
    title: 'SCMP_ACT_NOTIFY: the call waits for the agent; when its descriptor closes, ENOSYS',
    since: '1.1',
    steps: async (box) => {
      const agent = await withAgent(box);
      const pid = await box.started('echo before; mkdir /made 2>&1; echo $?');
      await box.printed(/before/);
      await box.eventually(() => status(pid, 'Seccomp') === '2', 'the filter is in force');
      box.equal(box.output(), 'before', 'output while the agent is silent');
      await agent.read();
      await box.printed(/Function not implemented\n1$/);
    },
  },
  {
    section: SECCOMP,
    title: 'an agent that nobody is at is an error',
    since: '1.1',
    config: (box) => ({
      ...profile(rule('SCMP_ACT_NOTIFY')),
      '/linux/seccomp/listenerPath': join(box.dir, 'nobody.sock'),
    }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'listenerPath is ignored when no rule notifies',
    since: '1.1',
    config: (box) => ({
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/listenerPath': join(box.dir, 'nobody.sock'),
    }),
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: SECCOMP,
    title: 'listenerMetadata without listenerPath is refused',
    since: '1.1',
    config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/listenerMetadata': 'opaque' },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'SCMP_ACT_NOTIFY without listenerPath is refused',
    since: '1.1',
    config: profile(rule('SCMP_ACT_NOTIFY')),
    refused: true,
  },
];
