/** Which addresses are asked for a name, and how. */
import { describe, expect, it } from 'vitest';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { parseReference } from '../../src/registry/index.ts';
import { connectionError } from '../../src/registry/http/failure.ts';
import { isLoopback } from '../../src/registry/http/loopback.ts';
import { Connections } from '../../src/registry/client/connections.ts';
import { settingsOf } from '../../src/registry/client/options.ts';
import { Stage } from './stage.ts';

describe('mirrors', () => {
  it('are asked first, and the registry not at all if they have everything', async () => {
    await using stage = await Stage.set();
    await using mirror = await Stage.set(stage.image);
    const mirrors = { [stage.server.host]: [`http://${mirror.server.host}`] };

    await stage.client({ mirrors }).pull(stage.name(), stage.content);

    expect(mirror.server.seen).not.toEqual([]);
    expect(stage.server.seen).toEqual([]);
  });

  it('may be below a path', async () => {
    await using stage = await Stage.set();
    const host = 'registry.example';
    const mirrors = { [host]: [`http://${stage.server.host}/below/here`] };
    const client = stage.client({ mirrors, retry: { tries: 1 } });

    await client.pull(parseReference(`${host}/app:v1`), stage.content);

    const paths = stage.server.seen.map(({ url }) => url.split('/').slice(0, 4).join('/'));
    expect(new Set(paths)).toEqual(new Set(['/below/here/v2']));
  });

  it.each([
    ['lack the image', 404],
    ['want credentials', 401],
    ['have a trouble', 500],
  ])('that %s are passed over, without waiting', async (_, status) => {
    await using stage = await Stage.set();
    await using mirror = await Stage.set(stage.image);
    mirror.server.fault = (__, response) => {
      response.writeHead(status).end();
      return true;
    };
    const mirrors = { [stage.server.host]: [`http://${mirror.server.host}`] };

    const root = await stage.client({ mirrors }).pull(stage.name(), stage.content);

    expect(root).toEqual(stage.image.index);
    expect(stage.clock.waits).toEqual([]);
  });

  it('that lie are passed over, and nothing of the lie is kept', async () => {
    await using stage = await Stage.set();
    await using mirror = await Stage.set(stage.image);
    for (const { digest, size } of stage.image.layers) {
      mirror.server.blobs.set(digest, Buffer.alloc(size, 'lie'));
    }
    const mirrors = { [stage.server.host]: [`http://${mirror.server.host}`] };

    await stage.client({ mirrors }).pull(stage.name(), stage.content);

    for (const [digest, bytes] of stage.image.blobs) {
      expect(stage.content.read(digest)).toEqual(bytes);
    }
  });

  it('do not see the password of the registry', async () => {
    await using stage = await Stage.set();
    await using mirror = await Stage.set(stage.image);
    mirror.server.fault = (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    const me = { username: 'me', password: 'secret' };
    const keychain = {
      get: (domain: string) => Promise.resolve(domain === stage.server.host ? me : undefined),
    };
    const mirrors = { [stage.server.host]: [`http://${mirror.server.host}`] };

    await stage.client({ mirrors, keychain }).pull(stage.name(), stage.content);

    for (const { headers } of mirror.server.seen) expect(headers.authorization).toBeUndefined();
  });

  it.each(['http://mirror.example', 'file:///x', 'mirror.example', ''])(
    'are not at %s',
    async (address) => {
      await using stage = await Stage.set();
      const client = stage.client({ mirrors: { 'docker.io': [address] } });
      await expect(client.resolve(parseReference('app'))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    },
  );

  it('may be in the clear where that is said', () => {
    const options = { mirrors: { 'docker.io': ['http://m.example'] }, insecure: ['m.example'] };
    const connections = new Connections(settingsOf(options));
    expect(connections.mirrors('docker.io')[0]?.base.href).toBe('http://m.example/');
  });
});

describe('the address of a domain', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io/'],
    ['ghcr.io', 'https://ghcr.io/'],
    ['ghcr.io:8443', 'https://ghcr.io:8443/'],
  ])('of %s is %s', async (domain, expected) => {
    const { base } = await new Connections(settingsOf({})).origin(domain);
    expect(base.href).toBe(expected);
  });

  it('of this machine may be in the clear', async () => {
    await using stage = await Stage.set();
    const { base } = await new Connections(settingsOf({})).origin(stage.server.host);
    expect(base.href).toBe(`http://${stage.server.host}/`);
  });

  it.each([
    ['localhost', true],
    ['a.localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['128.0.0.1', false],
    ['[::2]', false],
    ['10.0.0.1', false],
    ['notlocalhost', false],
  ])('%s is of this machine: %s', (hostname, expected) => {
    expect(isLoopback(hostname)).toBe(expected);
  });
});

describe('who does not answer', () => {
  it('is named, without trying again', async () => {
    await using stage = await Stage.set();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');

    await expect(
      stage.client().resolve(parseReference(`127.0.0.1:${port}/app`)),
    ).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
    expect(stage.clock.waits).toEqual([]);
  });

  it('or does not speak HTTP, is named', async () => {
    await using stage = await Stage.set();
    const server = createServer((socket) => socket.end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };

    await expect(
      stage.client().resolve(parseReference(`127.0.0.1:${port}/app`)),
    ).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    server.close();
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNTRUSTED'],
    ['CERT_HAS_EXPIRED', 'UNTRUSTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'UNTRUSTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNTRUSTED'],
    ['HPE_INVALID_CONSTANT', 'BAD_RESPONSE'],
    ['ECONNREFUSED', 'UNREACHABLE'],
    ['EPROTO', 'UNREACHABLE'],
  ])('with %s is %s', (code, expected) => {
    const error = Object.assign(new Error('why'), { code });
    const { code: ours, message, cause } = connectionError(error, new URL('https://r.example/'));
    expect(ours).toBe(expected);
    expect(message).toContain(`why (${code})`);
    expect(cause).toBe(error);
  });
});

it('closes: nothing is open any more', async () => {
  await using stage = await Stage.set();
  const client = stage.client();
  await client.resolve(stage.name());
  client.close();
  await expect.poll(() => stage.server.connections()).toBe(0);
});
