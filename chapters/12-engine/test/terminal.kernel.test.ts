/** A container on the caller's terminal: raw mode, both directions, size, and its settings back. */
import { spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, whyNoContainers, Workplace } from './workplace.ts';

const whyNot =
  whyNoContainers() ??
  (spawnSync('script', ['--version']).status === 0
    ? undefined
    : 'not installed: bsdutils (script)');

describe.skipIf(whyNot !== undefined)('on a terminal', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place[Symbol.dispose]());

  function onTerminal(args: readonly string[]): void {
    place.configure(args, (config) => {
      Object.assign(config.process ?? {}, { terminal: true });
    });
  }

  /** Runs shell lines on a new terminal of 33 by 77; what is typed comes through its stdin. */
  function terminal(lines: string) {
    const shell = `stty rows 33 cols 77; ${lines}`;
    return execa('script', ['--quiet', '--return', '--command', shell, '/dev/null'], {
      reject: false,
      timeout: 120_000,
      env: { TERM: 'xterm' },
      stdin: 'pipe',
    });
  }

  const run = (...flags: readonly string[]): string =>
    place.line('run', ...flags, '-b', place.bundle, 'box').join(' ');

  it('has one of its own, of the same size', async () => {
    onTerminal(['sh', '-c', 'tty; stty size; exit 6']);
    const running = terminal(run());
    const { stdout, exitCode } = await running;
    expect(stdout.split('\r\n').slice(0, 2)).toEqual(['/dev/pts/0', '33 77']);
    expect(exitCode).toBe(6);
  });

  it('reads what is typed, signals and all', async () => {
    onTerminal([
      'sh',
      '-c',
      'trap "echo interrupted; exit 4" INT; echo ready; read line; echo "read $line"; while :; do sleep 0.05; done',
    ]);
    const running = terminal(run());
    await shows(running, 'ready');
    running.stdin.write('words\r');
    await shows(running, 'read words');
    running.stdin.write('\u0003');
    const { stdout, exitCode } = await running;
    expect(stdout).toContain('interrupted');
    expect(exitCode).toBe(4);
  });

  it('loses nothing of a long output, and adds nothing', async () => {
    onTerminal(['sh', '-c', 'i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done']);
    const { stdout } = await terminal(run());
    const lines = stdout.split('\r\n').filter((line) => line.startsWith('line'));
    expect(lines).toEqual(Array.from({ length: 3000 }, (_, index) => `line ${index}`));
  });

  it('gives the caller’s its settings back', async () => {
    onTerminal(['true']);
    const { stdout } = await terminal(`stty -g; ${run()}; stty -g`);
    const [before, after] = stdout.trim().split('\r\n');
    expect(before).toMatch(/^[0-9a-f:]+$/);
    expect(after).toBe(before);
  });

  it('follows when the caller’s changes its size', async () => {
    const script = 'trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done';
    onTerminal(['sh', '-c', script]);
    const running = terminal(`echo "on <$(tty)>"; exec ${run()}`);
    await shows(running, 'ready');
    const [, device = ''] = /on <(.+)>/.exec(screenOf(running)) ?? [];
    // Rows and columns are two changes, and two signals.
    await execa('stty', ['-F', device, 'rows', '40', 'cols', '90']);
    await shows(running, '40 90');
    await place.run('kill', 'box', 'KILL');
    expect((await running).exitCode).toBe(137);
  });

  it('is given by exec --tty, too', async () => {
    place.configure(['sleep', '1000']);
    await place.detach('run', '-d', '-b', place.bundle, 'box');
    const line = place.line('exec', '--tty', 'box', 'sh', '-c').join(' ');
    const { stdout, exitCode } = await terminal(`${line} "stty size; exit 3"`);
    expect(stdout).toContain('33 77');
    expect(exitCode).toBe(3);
  });

  it('needs the caller to have one', async () => {
    onTerminal(['true']);
    const { exitCode, stderr } = await execa(
      'setsid',
      ['--wait', ...place.line('run', '-b', place.bundle, 'box')],
      { reject: false, stdin: 'ignore' },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'coracle-runtime run failed: open /dev/tty: no such device or address',
    );
  });

  it('needs a console socket where the caller detaches', async () => {
    onTerminal(['true']);
    const { exitCode, stderr } = await place.run('run', '-d', '-b', place.bundle, 'box');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'cannot allocate tty if the runtime will detach without setting console socket',
    );
  });
});

/** A program whose output is looked at while it runs. */
interface Running {
  readonly stdout: Readable;
}
const screens = new WeakMap<Running, string>();

function screenOf(running: Running): string {
  if (!screens.has(running)) {
    screens.set(running, '');
    running.stdout.on('data', (chunk: Buffer) =>
      screens.set(running, `${screens.get(running) ?? ''}${String(chunk)}`),
    );
  }
  return screens.get(running) ?? '';
}

async function shows(running: Running, text: string): Promise<void> {
  await until(`${text} on the screen`, () => screenOf(running).includes(text));
}
