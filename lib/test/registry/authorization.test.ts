/** Tokens and passwords: when they are asked for, and where they never go. */
import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../src/registry/index.ts';
import type { Fault, FakeRegistry } from './fake-registry.ts';
import { Stage } from './stage.ts';

const ME: Credentials = { username: 'me', password: 'secret' };
const BASIC = `Basic ${Buffer.from('me:secret').toString('base64')}`;
const keychain = (credentials: Credentials) => ({ get: () => Promise.resolve(credentials) });

/** Guards the registry by tokens, which it gives out itself: `t1`, `t2`, … */
function guard(
  server: FakeRegistry,
  lifetime = 300,
): { readonly valid: Set<string>; fault: Fault } {
  const valid = new Set<string>();
  let count = 0;
  const challenge = `Bearer realm="http://${server.host}/token",service="it"`;
  const fault: Fault = ({ url = '', headers }, response) => {
    if (url.startsWith('/token')) {
      count += 1;
      valid.add(`Bearer t${count}`);
      response.end(JSON.stringify({ token: `t${count}`, expires_in: lifetime }));
      return true;
    }
    if (valid.has(headers.authorization ?? '')) return false;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
    return true;
  };
  return { valid, fault };
}

describe('tokens', () => {
  it('asks for one token for all of a pull', async () => {
    await using stage = await Stage.set();
    stage.server.fault = guard(stage.server).fault;

    await stage.client().pull(stage.name('team/app:v1'), stage.content);

    const [asked, ...more] = stage.server.requests('/token');
    expect(more).toEqual([]);
    expect(asked?.url).toContain('scope=repository%3Ateam%2Fapp%3Apull&');
    expect(asked?.headers.authorization).toBeUndefined();
    const refused = stage.server
      .requests('/v2/team')
      .filter(({ headers }) => !headers.authorization);
    expect(refused).toHaveLength(1);
  });

  it('asks with the password of the keychain, and sends it nowhere else', async () => {
    await using stage = await Stage.set();
    stage.server.fault = guard(stage.server).fault;

    await stage.client({ keychain: keychain(ME) }).pull(stage.name(), stage.content);

    expect(stage.server.requests('/token')[0]?.headers.authorization).toBe(BASIC);
    const others = stage.server.requests('/v2/').map(({ headers }) => headers.authorization);
    expect(others).not.toContain(BASIC);
  });

  it('asks with an identity token by POST', async () => {
    await using stage = await Stage.set();
    stage.server.fault = guard(stage.server).fault;

    const client = stage.client({ keychain: keychain({ identityToken: 'me' }) });
    await client.pull(stage.name(), stage.content);

    expect(stage.server.requests('/token')).toMatchObject([{ method: 'POST', url: '/token' }]);
  });

  it('gets a new one before the old one ends', async () => {
    await using stage = await Stage.set();
    stage.server.fault = guard(stage.server, 300).fault;
    const client = stage.client();

    await client.resolve(stage.name());
    stage.clock.time += 260_000;
    await client.resolve(stage.name());
    expect(stage.server.requests('/token')).toHaveLength(1);

    stage.clock.time += 15_000;
    await client.resolve(stage.name());
    expect(stage.server.requests('/token')).toHaveLength(2);
  });

  it('gets a new one when the old one is no longer taken', async () => {
    await using stage = await Stage.set();
    const { valid, fault } = guard(stage.server);
    stage.server.fault = fault;
    const client = stage.client();

    await client.resolve(stage.name());
    valid.clear();
    await client.resolve(stage.name());

    expect(stage.server.requests('/token')).toHaveLength(2);
  });

  it('asks for another one for another repository', async () => {
    await using stage = await Stage.set();
    stage.server.fault = guard(stage.server).fault;
    const client = stage.client();

    await client.resolve(stage.name('a:v1'));
    await client.resolve(stage.name('b:v1'));
    await client.resolve(stage.name('a:v1'));

    expect(
      stage.server.requests('/token').map(({ url }) => /scope=([^&]+)/.exec(url)?.[1]),
    ).toEqual(['repository%3Aa%3Apull', 'repository%3Ab%3Apull']);
  });

  it.each([
    ['no JSON', 'x'],
    ['no token', '{}'],
    ['a token with a line feed', '{"token":"a\\r\\nx: y"}'],
    ['a token that is none', '{"token":7}'],
    ['no end of its life', '{"token":"t","expires_in":"x"}'],
  ])('refuses a token server that answers %s', async (_, answer) => {
    await using stage = await Stage.set();
    const { fault } = guard(stage.server);
    stage.server.fault = (request, response) => {
      if (!request.url?.startsWith('/token')) return fault(request, response);
      response.end(answer);
      return true;
    };

    await expect(stage.client().resolve(stage.name())).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
    });
  });

  it('says that the token server refused', async () => {
    await using stage = await Stage.set();
    const { fault } = guard(stage.server);
    stage.server.fault = (request, response) => {
      if (!request.url?.startsWith('/token')) return fault(request, response);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };

    await expect(stage.client().resolve(stage.name())).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('Log in') as string,
    });
  });
});

describe('a registry that never has enough', () => {
  it('is answered twice at most', async () => {
    await using stage = await Stage.set();
    const { fault, valid } = guard(stage.server);
    stage.server.fault = (request, response) => {
      valid.clear();
      return fault(request, response);
    };

    await expect(stage.client().resolve(stage.name())).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      status: 401,
    });

    expect(stage.server.requests('/manifests/')).toHaveLength(2);
    expect(stage.server.requests('/token')).toHaveLength(1);
  });

  it('is not sent the same password again', async () => {
    await using stage = await Stage.set();
    stage.server.fault = (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    const client = stage.client({ keychain: keychain(ME) });

    await expect(client.resolve(stage.name())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(client.resolve(stage.name())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });

    const sent = stage.server.requests('/manifests/').map(({ headers }) => headers.authorization);
    expect(sent).toEqual([undefined, BASIC, BASIC]);
  });

  it.each(['Negotiate', 'Digest realm="x", nonce="y"', ''])(
    'gets no answer to %s',
    async (challenge) => {
      await using stage = await Stage.set();
      stage.server.fault = (_, response) => {
        response.writeHead(401, { 'www-authenticate': challenge }).end();
        return true;
      };
      const client = stage.client({ keychain: keychain(ME) });

      await expect(client.resolve(stage.name())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });

      const sent = stage.server.seen.map(({ headers }) => headers.authorization);
      expect(new Set(sent)).toEqual(new Set([undefined]));
    },
  );

  it.each(['file:///etc/passwd', '/token', 'ftp://127.0.0.1/', 'http://me:pw@127.0.0.1/'])(
    'has no token server at %s',
    async (realm) => {
      await using stage = await Stage.set();
      stage.server.fault = (_, response) => {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
        return true;
      };

      await expect(stage.client().resolve(stage.name())).rejects.toMatchObject({
        code: 'BAD_RESPONSE',
        message: expect.stringContaining('token server') as string,
      });
    },
  );
});

describe('another host', () => {
  it.each(['Basic realm="x"', 'Bearer'])('never sees what %s asks for', async (kind) => {
    await using stage = await Stage.set();
    await using elsewhere = await Stage.set(stage.image);
    const bearer = guard(stage.server).fault;
    const basic: Fault = ({ headers }, response) => {
      if (headers.authorization === BASIC) return false;
      response.writeHead(401, { 'www-authenticate': kind }).end();
      return true;
    };
    const guarded = kind === 'Bearer' ? bearer : basic;
    stage.server.fault = (request, response) => {
      if (guarded(request, response)) return true;
      const { url = '' } = request;
      if (!url.includes('/blobs/')) return false;
      response.writeHead(307, { location: `http://${elsewhere.server.host}${url}` }).end();
      return true;
    };

    await stage.client({ keychain: keychain(ME) }).pull(stage.name(), stage.content);

    expect(elsewhere.server.seen).not.toEqual([]);
    for (const { headers } of elsewhere.server.seen) expect(headers.authorization).toBeUndefined();
  });

  it('gets no answer to a challenge of its own', async () => {
    await using stage = await Stage.set();
    await using elsewhere = await Stage.set(stage.image);
    elsewhere.server.fault = (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    stage.server.fault = ({ url = '' }, response) => {
      if (!url.includes('/blobs/')) return false;
      response.writeHead(302, { location: `http://${elsewhere.server.host}${url}` }).end();
      return true;
    };
    const client = stage.client({ keychain: keychain(ME) });

    await expect(client.pull(stage.name(), stage.content)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });

    for (const { headers } of elsewhere.server.seen) expect(headers.authorization).toBeUndefined();
  });

  it('is not asked where it leads to no http address', async () => {
    await using stage = await Stage.set();
    stage.server.fault = ({ url = '' }, response) => {
      if (!url.includes('/blobs/')) return false;
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      return true;
    };

    await expect(stage.client().pull(stage.name(), stage.content)).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining('file:///etc/passwd') as string,
    });
  });
});

describe('ping', () => {
  it('takes credentials that the registry takes, and no others', async () => {
    await using stage = await Stage.set();
    stage.server.fault = ({ headers }, response) => {
      if (headers.authorization === BASIC) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    const { host } = stage.server;

    await stage.client().ping(host, { credentials: ME });

    await expect(stage.client().ping(host)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const wrong = { credentials: { username: 'me', password: 'x' } };
    await expect(stage.client().ping(host, wrong)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
