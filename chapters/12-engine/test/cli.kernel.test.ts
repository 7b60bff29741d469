/** `coracle` as a person uses it, with a registry of its own beside it. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { MEDIA_TYPE } from 'coracle/oci';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveImage, type ImageServer } from '../../../tests/faults/image-server.ts';

const bin = path.resolve(import.meta.dirname, '../bin/coracle');
const scratch = mkdtempSync('/tmp/coracle-cli-test-');
let registry: ImageServer;
let root: string;
beforeAll(async () => {
  registry = await serveImage(path.join(scratch, 'registry'), 2, 20_000);
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  root = mkdtempSync(path.join(scratch, 'root-'));
});

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const coracle = async (...args: string[]): Promise<Ended> => {
  const environment = { CORACLE_ROOT: root, DOCKER_CONFIG: root };
  const { exitCode, stdout, stderr } = await execa(bin, args, { env: environment, reject: false });
  return { exitCode, stdout, stderr };
};

describe('an image', () => {
  it('is pulled, listed, inspected, named again, and removed with all that it took', async () => {
    const pulled = await coracle('pull', registry.name);
    expect(pulled.stdout).toBe(`Digest: ${registry.target.digest}\n${registry.name}`);
    expect(pulled.stderr).toMatch(/Download complete[^]*Pull complete/);

    const [listed] = lines(await coracle('images', '--json')).map(
      (line) => JSON.parse(line) as object,
    );
    expect(listed).toMatchObject({ Tag: 'latest', Digest: registry.target.digest });
    const [inspected] = JSON.parse((await coracle('inspect', registry.name)).stdout) as object[];
    expect(inspected).toMatchObject({ RepoTags: [registry.name], Config: { Cmd: ['/bin/true'] } });

    await coracle('tag', registry.name, 'again:1');
    expect(
      lines(await coracle('images'))
        .slice(1)
        .map((line) => line.split(/ +/, 2).join(':')),
    ).toEqual([registry.name, 'again:1']);
    await coracle('rmi', registry.name);
    expect(layers()).toBe(2);
    expect((await coracle('rmi', 'again:1')).stdout).toBe('Untagged: again:1');
    expect(layers()).toBe(0);
    expect(readdirSync(path.join(root, 'content/blobs/sha256'))).toEqual([]);
  });

  it('is pulled once: the second time nothing comes', async () => {
    await coracle('pull', registry.name);
    const again = await coracle('pull', registry.name);
    expect(again.stderr).not.toContain('Downloading');
    expect(again.exitCode).toBe(0);
  });

  it('is found by the beginning of its id', async () => {
    await coracle('pull', '--download-only', registry.name);
    const [id = ''] = lines(await coracle('images', '--quiet'));
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect((await coracle('tag', id.slice(0, 6), 'by-id')).exitCode).toBe(0);
    expect((await coracle('rmi', id)).stdout).toContain('Untagged: by-id:latest');
  });

  it('becomes a bundle that has its files and its command', async () => {
    await coracle('pull', '--download-only', registry.name);
    const bundle = path.join(root, 'bundle');
    const options = ['--env', 'A=b', '--user', '7:8', '--workdir', '/srv'];
    expect((await coracle('unpack', registry.name, bundle, ...options)).exitCode).toBe(0);
    expect(existsSync(path.join(bundle, 'rootfs/layer-1/file-9'))).toBe(true);
    const config = JSON.parse(readFileSync(path.join(bundle, 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({
      process: { args: ['/bin/true'], cwd: '/srv', user: { uid: 7, gid: 8 } },
      root: { path: 'rootfs' },
    });
    const again = await coracle('unpack', registry.name, bundle);
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      `coracle: ${bundle} is there already: remove it, or name another`,
    ]);
  });

  it('is saved, removed and loaded again, by a file and by stdin', async () => {
    await coracle('pull', '--download-only', registry.name);
    const saved = path.join(root, 'saved.tar');
    expect(await coracle('save', registry.name, '-o', saved)).toMatchObject({ exitCode: 0 });
    await coracle('rmi', registry.name);
    const loaded = await coracle('load', '--input', saved);
    expect(loaded.stdout).toBe(`Loaded image: ${registry.name}`);
    expect(layers()).toBe(2);
    const environment = { CORACLE_ROOT: root };
    const again = await execa(bin, ['load', '--name', 'by-stdin'], {
      inputFile: saved,
      env: environment,
    });
    expect(again.stdout).toBe('Loaded image: by-stdin:latest');
    const digests = lines(await coracle('images', '--json')).map(
      (line) => (JSON.parse(line) as { Digest: string }).Digest,
    );
    expect(digests).toEqual([registry.target.digest, registry.target.digest]);
    expect(
      readdirSync(root)
        .concat(readdirSync(path.join(root, 'content')))
        .join(),
    ).not.toContain('unfinished');
  });

  it('that is damaged is not loaded', async () => {
    const file = path.join(root, 'x.tar');
    writeFileSync(file, 'no archive');
    const { exitCode, stderr } = await coracle('load', '-i', file);
    expect([exitCode, stderr.startsWith('coracle: ')]).toEqual([1, true]);
    expect((await coracle('images', '--quiet')).stdout).toBe('');
  });

  it('that is not for this platform is refused with what there is, and gets no name', async () => {
    const other = { ...registry.target, platform: { os: 'linux', architecture: 's390x' } };
    const name = registry.put('other', { schemaVersion: 2, manifests: [other] }, MEDIA_TYPE.index);
    const { exitCode, stderr } = await coracle('pull', name);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/has no image for linux\/\w+; it has linux\/s390x/);
    expect((await coracle('images', '--quiet')).stdout).toBe('');
  });

  it('may be an artifact, which is not unpacked', async () => {
    const config = { ...registry.target, mediaType: MEDIA_TYPE.empty };
    const name = registry.put(
      'artifact',
      { schemaVersion: 2, config, layers: [] },
      MEDIA_TYPE.manifest,
    );
    expect(await coracle('pull', name)).toMatchObject({ exitCode: 0 });
    const unpacked = await coracle('unpack', name, path.join(root, 'x'));
    expect(unpacked.stderr).toMatch(/is an artifact .*: it cannot be run/);
  });

  it('is refused for a platform that is none', async () => {
    await coracle('pull', '--download-only', registry.name);
    const target = path.join(root, 'x');
    const unpack = (platform: string): Promise<Ended> =>
      coracle('unpack', registry.name, target, '--platform', platform);
    expect(await unpack('linux')).toMatchObject({ exitCode: 125 });
    expect(existsSync(target)).toBe(false);
  });
});

it('starts through a symlink, from any directory, on the sources too', () => {
  const link = path.join(root, 'link');
  symlinkSync(bin, link);
  const help = spawnSync(link, ['help'], { cwd: '/', encoding: 'utf8' }).stdout;
  expect(help).toContain('Usage: coracle');
  const onSources = spawnSync(bin, ['help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--conditions=mine-99' },
  }).stdout;
  expect(onSources).toBe(help);
});

it.each([
  [['nothing'], 125, /no command nothing/],
  [['pull'], 125, /it is: coracle pull NAME/],
  [['images', '--bad'], 125, /Unknown option '--bad'; 'coracle images --help'/],
  [['rmi', 'none'], 1, /no image none here/],
  [['pull', 'x/UPPER'], 1, /UPPER/],
  [['pull', '127.0.0.1:1/x'], 1, /no answer from 127.0.0.1:1/],
  [['login', '127.0.0.1:1', '-u', 'me'], 125, /--password-stdin/],
  [['registry', 'serve', '--port', 'x'], 125, /--port needs a number/],
])('%j is explained', async (args, code, message) => {
  const { exitCode, stderr, stdout } = await coracle(...args);
  expect(stderr).toMatch(message);
  expect([exitCode, stdout]).toEqual([code, '']);
});

it('a login that the registry takes is kept where docker has it, for its owner alone', async () => {
  const given = await execa(bin, ['login', registry.server.host, '-u', 'me', '--password-stdin'], {
    env: { CORACLE_ROOT: root, DOCKER_CONFIG: root },
    input: 'secret\n',
  });
  expect(given.stdout).toBe('Login Succeeded');
  const file = path.join(root, 'config.json');
  const auth = Buffer.from('me:secret').toString('base64');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    auths: { [registry.server.host]: { auth } },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await coracle('logout', registry.server.host)).stdout).toContain('Removed');
  expect((await coracle('logout', registry.server.host)).stdout).toContain('Not logged in');
});

function lines({ stdout }: Ended): string[] {
  return stdout.split('\n');
}

function layers(): number {
  return readdirSync(path.join(root, 'snapshots/layers')).length;
}
