/**
 * Tokens: docker-registry sends our client to a token server, and takes what that one has signed for
 * the repository and the action, and nothing else.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentStore } from 'coracle/image';
import { parseReference, Registry, type Reference } from 'coracle/registry';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { digestOf, sampleImage } from '../../lib/test/registry/sample-image.ts';
import { output } from './engines/command.ts';
import { DockerRegistry } from './engines/docker-registry.ts';
import { ISSUER, SERVICE, TokenServer } from './engines/token-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'coracle-interop-tokens-'));
const signer = { cert: join(folder, 'issuer.crt'), key: join(folder, 'issuer.key') };
const image = sampleImage(100_000, 2);
const users = {
  writer: { password: 'secret', actions: ['pull', 'push', 'delete'] },
  reader: { password: 'secret', actions: ['pull'] },
};
let tokens: TokenServer;
let registry: DockerRegistry;

beforeAll(async () => {
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  const argv = `openssl req -x509 ${key} -days 2 -subj /CN=${ISSUER}`.split(' ');
  await output([...argv, '-keyout', signer.key, '-out', signer.cert]);
  tokens = await TokenServer.start(signer, users);
  registry = await DockerRegistry.start(join(folder, 'registry'), {
    tokens: { realm: tokens.realm, service: SERVICE, issuer: ISSUER, certificate: signer.cert },
  });
});

afterAll(async () => {
  await registry.stop();
  await tokens.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  tokens.grants.length = 0;
});

const name = (rest: string): Reference => parseReference(`${registry.host}/${rest}`);

function clientOf(user: keyof typeof users | undefined): Registry {
  const found = user && { username: user, password: users[user].password };
  return new Registry({
    certificates: join(folder, 'none'),
    keychain: { get: () => Promise.resolve(found) },
    environment: {},
  });
}

/** A store that knows of no repository which has the image. */
function filled(): ContentStore {
  const content = new ContentStore(mkdtempSync(join(folder, 'content-')), { durable: false });
  for (const bytes of image.blobs.values()) {
    using ingest = content.ingest(digestOf(bytes));
    ingest.write(bytes);
    ingest.commit({});
  }
  return content;
}

/** Requests side by side may each ask for the token that all of them need. */
const scopes = (): string[] => [...new Set(tokens.grants.map((grant) => grant.scopes.join(' ')))];

async function pulled(client: Registry, rest: string): Promise<void> {
  using store = new ContentStore(mkdtempSync(join(folder, 'pulled-')), { durable: false });
  expect(await client.pull(name(rest), store)).toEqual(image.index);
  for (const [digest, bytes] of image.blobs) expect(store.read(digest)).toEqual(bytes);
}

test('who may push does, with tokens for that repository alone; anybody pulls', async () => {
  using content = filled();
  using writer = clientOf('writer');
  await writer.push(image.index, name('app:v1'), content);
  expect(scopes().toSorted()).toEqual(['repository:app:pull', 'repository:app:pull,push']);

  tokens.grants.length = 0;
  using nobody = clientOf(undefined);
  await pulled(nobody, 'app:v1');
  expect(scopes()).toEqual(['repository:app:pull']);
});

test('a mount takes a token for both repositories', async () => {
  using content = filled();
  using writer = clientOf('writer');
  await writer.push(image.manifest, name('one:v1'), content);
  tokens.grants.length = 0;
  const statuses = new Set<string>();
  await writer.push(image.manifest, name('two:v1'), content, {
    onProgress: ({ status }) => statuses.add(status),
  });
  expect(statuses).toContain('mounted');
  expect(scopes()).toContain('repository:two:pull,push repository:one:pull');
});

test('a token that the registry refused is not used again', async () => {
  using content = filled();
  using writer = clientOf('writer');
  await writer.push(image.index, name('stale:v1'), content);
  using reader = clientOf('reader');
  tokens.stale = 1;
  await expect(reader.resolve(name('stale:v1'))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await pulled(reader, 'stale:v1');
});

test('who may only pull cannot push, and is told', async () => {
  using content = filled();
  using reader = clientOf('reader');
  await expect(reader.push(image.index, name('app:v2'), content)).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    message: expect.stringContaining(registry.host) as string,
  });
});

test('a wrong password is the token server’s to refuse', async () => {
  using client = clientOf('writer');
  const wrong = { credentials: { username: 'writer', password: 'guessed' } };
  await expect(client.ping(registry.host, wrong)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  expect(tokens.grants).toEqual([]);
});
