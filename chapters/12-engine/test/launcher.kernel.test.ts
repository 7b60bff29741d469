/** bin/coracle-runtime, and what the process as a whole shows its caller. */
import { readFileSync, symlinkSync } from 'node:fs';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program, whyNoContainers, Workplace } from './workplace.ts';

describe.skipIf(whyNoContainers() !== undefined)('the launcher', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place[Symbol.dispose]());

  const version = (file: string, options: object = {}) =>
    execa(file, ['--version'], { reject: false, ...options });

  it('prints the version in the form that dockerd reads', async () => {
    const { stdout, stderr } = await version(program);
    expect(stdout).toMatch(
      /^coracle-runtime version \d+\.\d+\.\d+\n(commit: [0-9a-f]{12}(-dirty)?\n)?spec: 1\.3\.0\nnode: v26/,
    );
    expect(stderr).toBe('');
  });

  it.each([
    ['from another directory', () => program, { cwd: '/' }],
    ['through a symbolic link', () => linked(program), {}],
    [
      'through two relative ones',
      () => linked(`./${linked(program, 'first').split('/').at(-1) ?? ''}`),
      {},
    ],
    [
      'by a name in PATH',
      () => 'coracle-runtime',
      {
        env: {
          PATH: `${program}/..:${process.env['PATH'] ?? ''}`.replace('/coracle-runtime/..', ''),
        },
      },
    ],
  ])('starts %s', async (_how, file, options) => {
    const { stdout, stderr } = await version(file(), options);
    expect(stderr).toBe('');
    expect(stdout).toContain('coracle-runtime version');
  });

  function linked(target: string, name = 'link'): string {
    const link = place.file(name);
    symlinkSync(target, link);
    return link;
  }

  it('is not disturbed by the caller’s options for Node', async () => {
    const { stdout, stderr } = await version(program, {
      env: { NODE_OPTIONS: '--require /no/such/file.js --trace-exit --max-old-space-size=64' },
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('coracle-runtime version');
  });

  it.each(['--conditions=mine-03', '--conditions mine-03', '-C mine-03 --trace-exit'])(
    'runs the sources where the conditions %j say whose parts are meant',
    async (conditions) => {
      const { stdout, stderr } = await version(program, {
        env: { NODE_OPTIONS: `--trace-exit ${conditions}` },
      });
      expect(stderr).toBe('');
      expect(stdout).toContain('coracle-runtime version');
      // Only the build knows the commit.
      expect(stdout).not.toContain('commit:');
    },
  );

  it('says what to do where nothing has been built', async () => {
    const copy = `${place.folder}/chapters/12-engine/bin`;
    await execa('sh', [
      '-c',
      `mkdir -p ${copy} && cp ${program} ${copy} && ln -s ${program.replace(/chapters.*/, 'node_modules')} ${place.folder}/node_modules`,
    ]);
    const { exitCode, stderr } = await version(`${copy}/coracle-runtime`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('has not been built yet');
  });

  it('appends errors to the log file as JSON, and tells them on stderr as they are', async () => {
    const log = place.file('log.json');
    const flags = ['--log', log, '--log-format', 'json'];
    const { exitCode, stderr } = await place.start([...flags, 'start', 'box']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'container does not exist' });
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      msg: 'container does not exist',
    });
  });

  it('prints a list as JSON, null when it is empty', async () => {
    const { stdout } = await place.run('list', '--format', 'json');
    expect(stdout).toBe('');
    place.configure(['sleep', '1000']);
    await place.detach('create', '-b', place.bundle, 'box');
    const listed = await place.run('list', '--format', 'json');
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: 'box', status: 'created', bundle: place.bundle, owner: 'root' },
    ]);
    await place.run('delete', '--force', 'box');
    expect((await place.run('list', '--format', 'json')).stdout).toBe('null');
  });
});
