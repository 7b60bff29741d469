// runc ps, events and list.

import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';

/** Skips for a runtime that does not have the command at all. */
async function needsCommand(box: Box, command: string): Promise<void> {
  const help = await box.callWith({ globals: [] }, '--help');
  if (!new RegExp(`^\\s*${command}\\b`, 'm').test(help.out)) {
    throw new Skip(`the runtime has no command ${command}`);
  }
}

interface Stats {
  type: string;
  id: string;
  data: { memory?: { usage?: { usage?: number } }; pids?: { current?: number }; cpu?: object };
}

export const lookingCases: Case[] = [
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
    needs: controlled('pids'),
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
