import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerKeychain, type Keychain } from '../../src/registry/index.ts';

const ME = { username: 'me', password: 'a:b' };
const auth = Buffer.from('me:a:b').toString('base64');

/** A folder with docker's config in it, and with helpers. */
class Home implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-keychain-'));
  readonly file = path.join(this.folder, 'config.json');

  constructor(config?: unknown) {
    if (config !== undefined) writeFileSync(this.file, JSON.stringify(config));
  }

  get keychain(): Keychain {
    const environment = { PATH: `${this.folder}:/usr/bin:/bin`, HOME: this.folder };
    return dockerKeychain({ file: this.file, environment });
  }

  get config(): unknown {
    return JSON.parse(readFileSync(this.file, 'utf8')) as unknown;
  }

  /** A helper that runs this script; `$1` is the action. */
  helper(name: string, script: string): void {
    const file = path.join(this.folder, `docker-credential-${name}`);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe('get', () => {
  it.each([
    ['q.io', { auths: { 'q.io': { auth } } }, ME],
    ['q.io', { auths: { 'https://q.io/v1/': { auth } } }, ME],
    ['q.io', { auths: { 'q.io': { username: 'me', password: 'a:b' } } }, ME],
    ['q.io', { auths: { 'q.io': { identitytoken: 't' } } }, { identityToken: 't' }],
    ['q.io', { auths: { 'q.io': { auth, identitytoken: 't' } } }, { identityToken: 't' }],
    ['docker.io', { auths: { 'https://index.docker.io/v1/': { auth } } }, ME],
    ['q.io:5000', { auths: { 'q.io': { auth } } }, undefined],
    ['q.io', { auths: { 'q.io': {} } }, undefined],
    ['q.io', { auths: { 'q.io': { auth: 'nonsense' } } }, undefined],
    ['q.io', { auths: { 'evil.q.io': { auth }, 'q.io.evil': { auth } } }, undefined],
    ['__proto__', { auths: {} }, undefined],
    ['q.io', {}, undefined],
    ['q.io', undefined, undefined],
  ])('of %s in %j is %j', async (domain, config, expected) => {
    using home = new Home(config);
    expect(await home.keychain.get(domain)).toEqual(expected);
  });

  it.each(['{', '[]', '{"auths":[]}', '{"auths":{"q.io":7}}', '{"auths":{"q.io":{"auth":7}}}'])(
    'says that %s is no config',
    async (text) => {
      using home = new Home();
      writeFileSync(home.file, text);
      await expect(home.keychain.get('q.io')).rejects.toMatchObject({
        code: 'BAD_CONFIG',
        message: expect.stringContaining(home.file) as string,
      });
    },
  );
});

describe('a helper', () => {
  const answer = `cat > "$HOME/input"; echo '{"ServerURL":"q.io","Username":"me","Secret":"a:b"}'`;

  it.each([
    ['for the registry', { credHelpers: { 'q.io': 'own' }, credsStore: 'missing' }],
    ['for all', { credsStore: 'own' }],
  ])('%s is asked', async (_, config) => {
    using home = new Home({ ...config, auths: { 'q.io': { auth: 'eDp5' } } });
    home.helper('own', answer);

    expect(await home.keychain.get('q.io')).toEqual(ME);
    expect(readFileSync(path.join(home.folder, 'input'), 'utf8')).toBe('q.io');
  });

  it('is asked for Docker Hub by its old address', async () => {
    using home = new Home({ credsStore: 'own' });
    home.helper('own', answer);

    await home.keychain.get('docker.io');
    expect(readFileSync(path.join(home.folder, 'input'), 'utf8')).toBe(
      'https://index.docker.io/v1/',
    );
  });

  it('may have an identity token', async () => {
    using home = new Home({ credsStore: 'own' });
    home.helper('own', `echo '{"Username":"<token>","Secret":"t"}'`);
    expect(await home.keychain.get('q.io')).toEqual({ identityToken: 't' });
  });

  it('may have nothing, and then the file counts', async () => {
    using home = new Home({ credsStore: 'own', auths: { 'q.io': { auth } } });
    home.helper('own', 'echo credentials not found in native keychain; exit 1');
    expect(await home.keychain.get('q.io')).toEqual(ME);
  });

  it.each([
    ['fails', 'echo locked; exit 1', 'locked'],
    ['answers no JSON', 'echo secret', 'no JSON'],
    ['answers without a secret', 'echo "{}"', 'without Username'],
    ['does not end', 'exec yes secret', 'failed'],
  ])('that %s is named, and its output is not', async (_, script, message) => {
    using home = new Home({ credsStore: 'own' });
    home.helper('own', script);
    const error: unknown = await home.keychain.get('q.io').catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(`docker-credential-own.*${message}`) as string,
    });
    expect(String(error)).not.toContain('secret ');
  });

  it('that is not there is named', async () => {
    using home = new Home({ credsStore: 'missing' });
    await expect(home.keychain.get('q.io')).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('docker-credential-missing') as string,
    });
  });

  it('is never looked for in another folder', async () => {
    using home = new Home({ credsStore: '../evil' });
    await expect(home.keychain.get('q.io')).rejects.toThrow('no name of a helper');
  });

  it('keeps what is stored, and the file has none of it', async () => {
    using home = new Home({ credsStore: 'own' });
    home.helper('own', 'cat > "$HOME/$1"');

    await home.keychain.store('q.io', ME);
    const stored: unknown = JSON.parse(readFileSync(path.join(home.folder, 'store'), 'utf8'));
    expect(stored).toEqual({ ServerURL: 'q.io', Username: 'me', Secret: 'a:b' });
    expect(home.config).toEqual({ credsStore: 'own', auths: { 'q.io': {} } });

    expect(await home.keychain.erase('q.io')).toBe(true);
    expect(readFileSync(path.join(home.folder, 'erase'), 'utf8')).toBe('q.io');
    expect(home.config).toEqual({ credsStore: 'own', auths: {} });
  });
});

describe('the file', () => {
  it('is made for its owner only, and in a folder that is', async () => {
    using home = new Home();
    const file = path.join(home.folder, 'new', 'config.json');
    const keychain = dockerKeychain({ file, environment: {} });

    await keychain.store('q.io', ME);

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(await keychain.get('q.io')).toEqual(ME);
  });

  it('keeps everything else, and each registry has one entry', async () => {
    using home = new Home({
      HttpHeaders: { 'X-Meta': 'y' },
      auths: { 'https://q.io/v1/': { auth: 'eDp5' }, 'other.io': { auth: 'eDp5', email: 'x' } },
    });
    chmodSync(home.file, 0o644);

    await home.keychain.store('q.io', ME);

    expect(home.config).toEqual({
      HttpHeaders: { 'X-Meta': 'y' },
      auths: { 'other.io': { auth: 'eDp5', email: 'x' }, 'q.io': { auth } },
    });
    expect(statSync(home.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.folder)).toEqual(['config.json']);

    expect(await home.keychain.erase('q.io')).toBe(true);
    expect(await home.keychain.erase('q.io')).toBe(false);
    expect(home.config).toMatchObject({ auths: { 'other.io': { auth: 'eDp5' } } });
  });

  it('may be a symlink, and stays one', async () => {
    using home = new Home({});
    const link = path.join(home.folder, 'link.json');
    symlinkSync('config.json', link);

    await dockerKeychain({ file: link, environment: {} }).store('docker.io', {
      identityToken: 't',
    });

    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(home.config).toEqual({
      auths: { 'https://index.docker.io/v1/': { identitytoken: 't' } },
    });
  });

  it('is where DOCKER_CONFIG says', async () => {
    using home = new Home({ auths: { 'q.io': { auth } } });
    const keychain = dockerKeychain({ environment: { DOCKER_CONFIG: home.folder } });
    expect(await keychain.get('q.io')).toEqual(ME);
    expect(existsSync(home.file)).toBe(true);
  });
});
