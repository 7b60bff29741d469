/** Descriptors that the caller passes on: `--preserve-fds`, LISTEN_FDS, NOTIFY_SOCKET, pidfds. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import {
  accept,
  AF_UNIX,
  bindPath,
  connectPath,
  Descriptor,
  listen,
  pidfdSendSignal,
  receiveMessage,
  sendMessage,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  waitReadable,
} from 'coracle/sys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, whyNoContainers, Workplace } from './workplace.ts';

describe.skipIf(whyNoContainers() !== undefined)('what the caller passes on', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
    writeFileSync(place.file('three'), 'three\n');
    writeFileSync(place.file('four'), 'four\n');
  });
  afterEach(() => place[Symbol.dispose]());

  /** Runs the command line in a shell that has opened the two files as 3 and 4. */
  function withFiles(before: string, ...args: readonly string[]) {
    const opened = `exec 3<${place.file('three')} 4<${place.file('four')}`;
    const line = place.line(...args).map((word) => `'${word}'`);
    return execa('sh', ['-c', `${opened}; ${before} exec ${line.join(' ')}`], {
      reject: false,
      stdin: 'ignore',
      timeout: 120_000,
    });
  }

  const LIST = 'for fd in /proc/self/fd/*; do [ -e $fd ] && echo ${fd##*/}; done';

  describe('--preserve-fds', () => {
    it('passes descriptors from 3 on, and no other', async () => {
      place.configure(['sh', '-c', `cat <&3; ${LIST}`]);
      const { stdout } = await withFiles(
        '',
        'run',
        '--preserve-fds',
        '1',
        '-b',
        place.bundle,
        'box',
      );
      expect(stdout.split('\n')).toEqual(['three', '0', '1', '2', '3']);
    });

    it('is not given, and nothing is passed', async () => {
      place.configure(['sh', '-c', LIST]);
      const { stdout } = await withFiles('', 'run', '-b', place.bundle, 'box');
      expect(stdout.split('\n')).toEqual(['0', '1', '2']);
    });

    it('does not take Node’s descriptors for the caller’s', async () => {
      place.configure(['true']);
      const { exitCode, stderr } = await withFiles(
        '',
        'run',
        '--preserve-fds=3',
        '-b',
        place.bundle,
        'box',
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain('unable to stat preserved-fd 2 (of 3): descriptor 5 is not open');
      expect(existsSync(`${place.root}/box`)).toBe(false);
    });

    it('works for exec', async () => {
      place.configure(['sleep', '1000']);
      await place.detach('run', '-d', '-b', place.bundle, 'box');
      const { stdout } = await withFiles(
        '',
        'exec',
        '--preserve-fds=2',
        'box',
        'sh',
        '-c',
        'cat <&4',
      );
      expect(stdout).toBe('four');
    });
  });

  describe('LISTEN_FDS', () => {
    it('passes the sockets of a service manager, and says so inside', async () => {
      place.configure(['sh', '-c', 'echo $LISTEN_FDS $LISTEN_PID; cat <&3 <&4']);
      const { stdout } = await withFiles(
        'LISTEN_FDS=1 LISTEN_PID=$$',
        'run',
        '-b',
        place.bundle,
        'box',
      );
      expect(stdout).toBe('1 1');
    });

    it('comes before what is preserved besides', async () => {
      place.configure(['sh', '-c', 'cat <&3; cat <&4']);
      const { stdout } = await withFiles(
        'LISTEN_FDS=1 LISTEN_PID=$$',
        'run',
        '--preserve-fds',
        '1',
        '-b',
        place.bundle,
        'box',
      );
      expect(stdout).toBe('three\nfour');
    });

    it('of another process is left alone', async () => {
      place.configure(['sh', '-c', `echo [$LISTEN_FDS]; ${LIST}`]);
      const { stdout } = await withFiles(
        'LISTEN_FDS=1 LISTEN_PID=1',
        'run',
        '-b',
        place.bundle,
        'box',
      );
      expect(stdout.split('\n')).toEqual(['[]', '0', '1', '2']);
    });
  });

  describe('NOTIFY_SOCKET', () => {
    it('hears that the container is ready, and its PID, once `start` is asked', async () => {
      using host = listenTo(place.file('notify'), SOCK_DGRAM);
      const env = { NOTIFY_SOCKET: place.file('notify') };
      place.configure(['sh', '-c', 'echo $NOTIFY_SOCKET >&3; sleep 1000']);
      await place.start(['create', '-b', place.bundle, 'box'], { env, stdio: 'ignore' });
      const pid = (await place.state('box'))?.['pid'];
      const starting = place.start(['start', 'box'], { env, stdio: 'ignore' });
      const inside = `/proc/${String(pid)}/root/run/notify/notify.sock`;
      await until(
        'the container runs',
        async () => (await place.state('box'))?.['status'] === 'running',
      );
      expect(waitReadable(host.fd, 200)).toBe(false);
      using container = socket(AF_UNIX, SOCK_DGRAM);
      connectPath(container.fd, inside);
      sendMessage(container.fd, Buffer.from('STATUS=almost\n'));
      sendMessage(container.fd, Buffer.from('READY=1\nSTATUS=done\n'));
      expect((await starting).exitCode).toBe(0);
      const heard = [receiveMessage(host.fd, 100), receiveMessage(host.fd, 100)];
      expect(heard.map(({ data }) => data.toString())).toEqual([
        'READY=1\n',
        `MAINPID=${String(pid)}\n`,
      ]);
    });

    it('is told inside where it is', async () => {
      using _host = listenTo(place.file('notify'), SOCK_DGRAM);
      place.configure(['sh', '-c', 'echo $NOTIFY_SOCKET; ls /run/notify']);
      const { stdout } = await place.start(['run', '-b', place.bundle, 'box'], {
        env: { NOTIFY_SOCKET: place.file('notify') },
      });
      expect(stdout).toBe('/run/notify/notify.sock\nnotify.sock');
    });
  });

  it('--pidfd-socket gets a handle on the process', async () => {
    using listener = listenTo(place.file('pidfd'), SOCK_STREAM);
    place.configure(['sleep', '1000']);
    await place.detach(
      'run',
      '-d',
      '--pidfd-socket',
      place.file('pidfd'),
      '-b',
      place.bundle,
      'box',
    );
    using connection = accept(listener.fd);
    const { descriptors } = receiveMessage(connection.fd, 100);
    using pidfd = new Descriptor(descriptors[0] ?? -1);
    const pid = (await place.state('box'))?.['pid'];
    expect(readFileSync(`/proc/self/fdinfo/${pidfd.fd}`, 'utf8')).toContain(
      `Pid:\t${String(pid)}\n`,
    );
    pidfdSendSignal(pidfd.fd, 9);
    await until(
      'the container has stopped',
      async () => (await place.state('box'))?.['status'] === 'stopped',
    );
  });
});

function listenTo(path: string, type: number): Descriptor {
  const listener = socket(AF_UNIX, type);
  bindPath(listener.fd, path);
  if (type === SOCK_STREAM) listen(listener.fd, 1);
  return listener;
}
