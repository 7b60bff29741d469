/** Containers and execs at a real terminal: its device, its size, its signals, its exit codes. */
import { describe, expect, test } from 'vitest';
import { throughEachEngine } from './engines/each-engine.ts';
import { isAlive, processesBeside, status } from './engines/outside.ts';
import { CTRL_C, CTRL_D, CTRL_P_CTRL_Q } from './engines/terminal.ts';
import { until } from './engines/until.ts';

const SIZE = { rows: 33, columns: 97 };

/** Prints the size until it is asked to end; the client may resize a moment after the start. */
const SHOW_SIZE = 'while sleep 0.05; do echo "size $(stty size)"; done';

/** A job that says when it can be interrupted; a Ctrl-C typed earlier would hit the shell. */
const WAITS_FOR_INTERRUPT = `sh -c 'trap "exit 33" INT; echo ready-$((1+1)); while :; do sleep 0.05; done'`;

throughEachEngine(({ engine }) => {
  describe('run -it', () => {
    test('gives the process a terminal of its own as its standard streams', async () => {
      const script = 'tty; test -t 0 && test -t 1 && test -t 2 && echo all three';
      const terminal = engine().runInTerminal([], ['sh', '-c', script]);
      await terminal.shows(/\/dev\/(pts\/0|console)\r\n/);
      await terminal.shows(/all three/);
      expect(await terminal.exitCode()).toBe(0);
    });

    test('gives it the size of the window, and every later size', async () => {
      const terminal = engine().runInTerminal([], ['sh', '-c', SHOW_SIZE], SIZE);
      await terminal.shows(/size 33 97/);
      await terminal.resize({ rows: 41, columns: 132 });
      await terminal.shows(/size 41 132/);
      terminal.type(CTRL_C);
      expect(await terminal.exitCode()).toBe(130);
    });

    test('hands the exit code on', async () => {
      const terminal = engine().runInTerminal([], ['sh', '-c', 'exit 42']);
      expect(await terminal.exitCode()).toBe(42);
    });

    test('the interactive shell controls its jobs: Ctrl-C ends the command and not the shell', async () => {
      const terminal = engine().runInTerminal([], ['sh']);
      await terminal.shows(/\/ # /);
      terminal.type(`${WAITS_FOR_INTERRUPT}\n`);
      await terminal.shows(/ready-2/);
      terminal.type(CTRL_C);
      await terminal.shows(/\/ # /);
      terminal.type('echo code=$?\n');
      await terminal.shows(/code=33/);
      terminal.type(CTRL_D);
      await terminal.exitCode();
    });

    test('the terminal is the controlling one, and /dev/tty is it', async () => {
      const terminal = engine().runInTerminal([], ['sh', '-c', 'echo through-$((2+3)) >/dev/tty']);
      await terminal.shows(/through-5/);
      expect(await terminal.exitCode()).toBe(0);
    });

    test('Ctrl-P Ctrl-Q leaves the container running; attach comes back to it', async () => {
      const script = 'while read word; do echo "got <$word>"; done';
      const terminal = engine().runInTerminal(['--name', 'left'], ['sh', '-c', script]);
      terminal.type('hello\n');
      await terminal.shows(/got <hello>/);
      terminal.type(CTRL_P_CTRL_Q);
      await terminal.exitCode();
      expect(await engine().inspect('left', '.State.Status')).toBe('running');
      const again = engine().terminal(['attach', 'left']);
      again.type('back\n');
      await again.shows(/got <.*back>/);
      again.type(CTRL_D);
      expect(await again.exitCode()).toBe(0);
    });

    test('a user other than root owns the terminal', async () => {
      const script = 'stat -c "owner %u" $(tty); echo writes >$(tty)';
      const terminal = engine().runInTerminal(['--user', 'guest'], ['sh', '-c', script]);
      await terminal.shows(/owner 1000/);
      await terminal.shows(/writes/);
      expect(await terminal.exitCode()).toBe(0);
    });
  });

  describe('exec -it', () => {
    test('gives the new process a terminal of its own, of the size of the window', async () => {
      const name = await engine().start();
      const command = ['exec', '-it', name, 'sh', '-c', `tty; ${SHOW_SIZE}`];
      const terminal = engine().terminal(command, SIZE);
      await terminal.shows(/\/dev\/pts\/\d/);
      await terminal.shows(/size 33 97/);
      await terminal.resize({ rows: 20, columns: 40 });
      await terminal.shows(/size 20 40/);
      terminal.type(CTRL_C);
      expect(await terminal.exitCode()).toBe(130);
    });

    test('Ctrl-C reaches the command in front, and the exit code comes back', async () => {
      const name = await engine().start();
      const terminal = engine().terminal(['exec', '-it', name, 'sh']);
      await terminal.shows(/\/ # /);
      terminal.type(`${WAITS_FOR_INTERRUPT}\n`);
      await terminal.shows(/ready-2/);
      terminal.type(CTRL_C);
      await terminal.shows(/\/ # /);
      terminal.type('exit 5\n');
      expect(await terminal.exitCode()).toBe(5);
      expect(await engine().inspect(name, '.State.Status')).toBe('running');
    });

    test('two terminals of one container are two devices', async () => {
      const name = await engine().start();
      const command = ['exec', '-it', name, 'sh', '-c', 'echo "is $(tty)"; cat'];
      const first = engine().terminal(command);
      const second = engine().terminal(command);
      const devices = [await first.shows(/is (\S+)/), await second.shows(/is (\S+)/)];
      expect(devices[0]?.[1]).not.toBe(devices[1]?.[1]);
      for (const terminal of [first, second]) {
        terminal.type(CTRL_D);
        expect(await terminal.exitCode()).toBe(0);
      }
    });
  });

  describe('exec without a terminal', () => {
    test('keeps standard output and error apart and hands the exit code on', async () => {
      const name = await engine().start();
      const outcome = await engine().cli(['exec', name, 'sh', '-c', 'echo o; echo e >&2; exit 9']);
      expect(outcome).toMatchObject({ code: 9, stdout: 'o\n', stderr: 'e\n' });
    });

    test('reads standard input to its end', async () => {
      const name = await engine().start();
      const outcome = await engine().cli(['exec', '-i', name, 'wc', '-c'], {
        input: 'x'.repeat(70_000),
      });
      expect(outcome.stdout.trim()).toBe('70000');
    });

    test('takes user, working directory and environment from the command line', async () => {
      const name = await engine().start(['--env', 'FROM=container']);
      const flags = ['--user', 'guest', '--workdir', '/tmp', '--env', 'COLOUR=blue'];
      const script = 'id -u; id -G; pwd; echo $COLOUR $FROM';
      const text = await engine().ok('exec', ...flags, name, 'sh', '-c', script);
      expect(text).toBe('1000\n1000 2000\n/tmp\nblue container');
    });

    test('joins all namespaces and the cgroup of the container', async () => {
      const name = await engine().start();
      const script = 'for n in cgroup ipc mnt net pid uts; do readlink /proc/self/ns/$n; done';
      const here = await engine().ok('exec', name, 'sh', '-c', script);
      const init = await engine().ok('exec', name, 'sh', '-c', script.replace('self', '1'));
      expect(here).toBe(init);
    });

    test('--detach leaves a process behind that ends with the container', async () => {
      const name = await engine().start();
      const init = await engine().pid(name);
      await engine().ok('exec', '--detach', name, 'sleep', '995');
      const pid = await until('the process', () => {
        return processesBeside(init).find((one) => one !== init && status(one, 'Name') === 'sleep');
      });
      await engine().remove(name);
      expect(isAlive(pid)).toBe(false);
    });

    test('ten at once each get their own output, and none stays', async () => {
      const name = await engine().start();
      const numbers = Array.from({ length: 10 }, (_, i) => `${i}`);
      const runs = numbers.map((number) => engine().ok('exec', name, 'echo', number));
      expect(await Promise.all(runs)).toEqual(numbers);
      expect(processesBeside(await engine().pid(name))).toHaveLength(1);
    });
  });
});
