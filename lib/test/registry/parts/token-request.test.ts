import { expect, it } from 'vitest';
import { tokenRequest, tokenServer } from '#parts/registry/token-request.ts';

const registry = new URL('https://registry.example/');
const challenge = (parameters: Record<string, string>) => ({
  scheme: 'bearer',
  parameters: new Map(Object.entries(parameters)),
});
const asked = challenge({ realm: 'https://auth.example/token?a=b', service: 'the service' });
const scopes = ['repository:a:pull', 'repository:b:pull,push'];

it('asks without credentials by GET', () => {
  const { url, ...rest } = tokenRequest(asked, scopes, undefined, registry);

  expect(rest).toEqual({ method: 'GET', headers: {} });
  expect(url.origin + url.pathname).toBe('https://auth.example/token');
  expect([...url.searchParams]).toEqual([
    ['a', 'b'],
    ['service', 'the service'],
    ['scope', scopes[0]],
    ['scope', scopes[1]],
    ['client_id', 'coracle'],
  ]);
});

it('asks with a password by GET and Basic', () => {
  const credentials = { username: 'ü', password: 'a:b' };
  const { url, method, headers } = tokenRequest(asked, [], credentials, registry);

  expect(method).toBe('GET');
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from('ü:a:b').toString('base64')}` });
  expect(url.searchParams.get('account')).toBe('ü');
  expect(url.href).not.toContain('a:b');
});

it('asks with an identity token by POST, and has none of it in the address', () => {
  const { url, method, headers, body } = tokenRequest(
    asked,
    scopes,
    { identityToken: 'se&cret' },
    registry,
  );

  expect(method).toBe('POST');
  expect(url.href).toBe('https://auth.example/token?a=b');
  expect(headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'refresh_token',
    client_id: 'coracle',
    service: 'the service',
    scope: scopes.join(' '),
    refresh_token: 'se&cret',
  });
});

it('leaves out a service that the challenge does not name', () => {
  const plain = challenge({ realm: 'https://auth.example/' });
  const { url } = tokenRequest(plain, [], undefined, registry);
  const { body } = tokenRequest(plain, [], { identityToken: 'x' }, registry);
  expect(url.searchParams.has('service')).toBe(false);
  expect(new URLSearchParams(body).has('service')).toBe(false);
});

it.each([
  ['https://auth.example/token', 'https://registry.example/'],
  ['https://auth.example/token', 'http://registry.example/'],
  ['http://auth.example/token', 'http://registry.example/'],
  ['http://127.0.0.1:1/token', 'https://localhost:5000/'],
  ['http://localhost/token', 'https://[::1]:5000/'],
])('takes %s as the token server of %s', (realm, from) => {
  expect(tokenServer(realm, new URL(from)).href).toBe(realm);
});

it.each([
  ['http://auth.example/token', 'https://registry.example/', 'INSECURE'],
  ['http://127.0.0.1/token', 'https://registry.example/', 'INSECURE'],
  ['http://auth.example/token', 'https://127.0.0.1.example/', 'INSECURE'],
  ['http://auth.example/token', 'https://localhost:5000/', 'INSECURE'],
  [undefined, 'http://localhost/', 'BAD_RESPONSE'],
  ['', 'http://localhost/', 'BAD_RESPONSE'],
  ['/token', 'http://localhost/', 'BAD_RESPONSE'],
  ['file:///etc/passwd', 'http://localhost/', 'BAD_RESPONSE'],
  ['ftp://auth.example/', 'http://localhost/', 'BAD_RESPONSE'],
  ['data:text/plain,x', 'http://localhost/', 'BAD_RESPONSE'],
  ['https://me:pw@auth.example/', 'http://localhost/', 'BAD_RESPONSE'],
  ['https://me@auth.example/', 'http://localhost/', 'BAD_RESPONSE'],
])('refuses %s as the token server of %s', (realm, from, code) => {
  expect(() => tokenServer(realm, new URL(from))).toThrow(expect.objectContaining({ code }));
});
