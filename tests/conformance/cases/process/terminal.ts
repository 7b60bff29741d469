// config.md, process.terminal and process.consoleSize, through a console socket.

import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { hasExited } from '../../harness/observe.ts';
import { Listener } from '../../harness/socket.ts';

const PROCESS = 'config.md#configProcess';

/** Creates and starts `script` with a terminal; answers its pid and the socket that got the pty. */
async function startOnTerminal(box: Box, script: string): Promise<[number, Listener]> {
  const socket = await Listener.open(join(box.dir, 'tty.sock'));
  box.undo.push(() => socket.close());
  box.patch({ '/process/terminal': true });
  box.script(script);
  box.succeeded(await box.create('--console-socket', socket.path), 'create with a console socket');
  const pid = (await box.state()).pid ?? 0;
  box.succeeded(await box.start(), 'start');
  return [pid, socket];
}

/** Runs `script` on a terminal; it writes what it sees to the file /seen. */
async function seenOnTerminal(box: Box, script: string): Promise<string> {
  await startOnTerminal(
    box,
    `{ ${script}; } > /seen.part 2>&1; mv /seen.part /seen; exec sleep 100`,
  );
  return box.file('seen');
}

export const terminalCases: Case[] = [
  {
    section: PROCESS,
    title: 'terminal: standard streams are one pseudoterminal',
    steps: async (box) => {
      const [pid] = await startOnTerminal(box, 'exec sleep 100');
      const streams = [0, 1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      box.match(streams[0] ?? '', /^\/dev\/(pts\/\d+|console)$/, 'stdin');
      box.equal(streams, [streams[0], streams[0], streams[0]], 'stdin, stdout and stderr');
    },
  },
  {
    section: PROCESS,
    title: 'terminal: the console socket receives the master of that pseudoterminal',
    steps: async (box) => {
      const [pid, socket] = await startOnTerminal(box, 'read line');
      box.that(!hasExited(pid), 'the program runs while the master is held', pid);
      await socket.read();
      box.equal(socket.connections, 1, 'connections');
      // The master came with the message, and reading without receiving it was its last close.
      await box.eventually(() => hasExited(pid), 'the program hangs up when the master is closed');
    },
  },
  {
    section: PROCESS,
    title: 'terminal: it is the controlling terminal of a session',
    steps: async (box) => {
      const out = await seenOnTerminal(
        box,
        'exec 3<>/dev/tty && echo controlled; cut -d" " -f6,8 /proc/$$/stat',
      );
      box.match(out, /^controlled\n1 1$/, 'the tty opens; session and foreground group');
    },
  },
  {
    section: PROCESS,
    title: 'consoleSize is the size of the terminal',
    config: { '/process/consoleSize': { height: 33, width: 121 } },
    steps: async (box) => box.equal(await seenOnTerminal(box, 'stty size'), '33 121', 'stty size'),
  },
  {
    section: PROCESS,
    title: 'consoleSize without a terminal is ignored',
    config: { '/process/consoleSize': { height: 33, width: 121 } },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: PROCESS,
    title: 'without terminal the streams are no terminal',
    script: 'test -t 0 || test -t 1 || test -t 2 || echo none',
    prints: 'none',
  },
  {
    section: PROCESS,
    title: 'terminal: create without a console socket is refused',
    config: { '/process/terminal': true },
    steps: async (box) => box.failed(await box.create(), 'create'),
  },
  {
    section: PROCESS,
    title: 'terminal: a console socket that nobody listens on is refused',
    config: { '/process/terminal': true },
    steps: async (box) => {
      const socket = join(box.dir, 'nobody.sock');
      box.failed(await box.create('--console-socket', socket), 'create');
      box.failed(await box.call('state', box.id), 'state');
    },
  },
  {
    section: 'config-linux.md#configLinuxDefaultDevices',
    title: '/dev/console is the terminal',
    steps: async (box) => {
      const out = await seenOnTerminal(
        box,
        'stat -c %F /dev/console; grep -c " /dev/console " /proc/mounts; echo hello > /dev/console && echo written',
      );
      box.equal(out, 'character special file\n1\nwritten', '/dev/console');
    },
  },
  {
    section: 'config-linux.md#configLinuxDefaultDevices',
    title: 'without terminal there is no /dev/console to write to',
    script: 'test -c /dev/console && echo there || echo none',
    prints: 'none',
  },
  {
    section: PROCESS,
    title: "terminal: it belongs to the program's user",
    config: { '/process/user': { uid: 1000, gid: 1000 } },
    steps: async (box) => {
      const socketScript = 'stat -Lc %u /proc/self/fd/0; echo hello > /dev/tty && echo written';
      box.patch({
        '/mounts/-': {
          destination: '/out',
          type: 'bind',
          source: box.openFolder('out'),
          options: ['bind'],
        },
      });
      await startOnTerminal(
        box,
        `(${socketScript}) > /out/part 2>&1; mv /out/part /out/seen; exec sleep 100`,
      );
      box.equal(await box.file('seen', join(box.dir, 'out')), '1000\nwritten', 'owner and use');
    },
  },
  {
    section: PROCESS,
    title: 'terminal: exec with --tty has a terminal of its own',
    steps: async (box) => {
      await box.started();
      const socket = await Listener.open(join(box.dir, 'exec.sock'));
      box.undo.push(() => socket.close());
      const flags = ['--tty', '--detach', '--console-socket', socket.path];
      const script = '{ tty; test -t 0 && echo yes; } > /seen.part 2>&1; mv /seen.part /seen';
      box.succeeded(await box.exec(script, ...flags), 'exec --tty --detach');
      box.match(await box.file('seen'), /^\/dev\/(pts\/\d+|console)\nyes$/, 'what the exec sees');
    },
  },
];
