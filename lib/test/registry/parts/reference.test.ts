import { describe, expect, it } from 'vitest';
import { canonicalName, familiarName, parseReference } from '#parts/registry/reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('parseReference', () => {
  it.each([
    ['busybox', { domain: 'docker.io', path: 'library/busybox' }],
    ['busybox:1.36', { domain: 'docker.io', path: 'library/busybox', tag: '1.36' }],
    ['me/app', { domain: 'docker.io', path: 'me/app' }],
    ['docker.io/busybox', { domain: 'docker.io', path: 'library/busybox' }],
    ['index.docker.io/busybox', { domain: 'docker.io', path: 'library/busybox' }],
    ['index.docker.io/me/app:x', { domain: 'docker.io', path: 'me/app', tag: 'x' }],
    ['localhost/app', { domain: 'localhost', path: 'app' }],
    ['localhost:5000/app:v1', { domain: 'localhost:5000', path: 'app', tag: 'v1' }],
    ['localhost:5000', { domain: 'docker.io', path: 'library/localhost', tag: '5000' }],
    ['host:5000/a/b/c', { domain: 'host:5000', path: 'a/b/c' }],
    ['ghcr.io/me/app', { domain: 'ghcr.io', path: 'me/app' }],
    ['Host/app', { domain: 'Host', path: 'app' }],
    ['[::1]:5000/app', { domain: '[::1]:5000', path: 'app' }],
    [`busybox@${DIGEST}`, { domain: 'docker.io', path: 'library/busybox', digest: DIGEST }],
    [`q.io/a:t@${DIGEST}`, { domain: 'q.io', path: 'a', tag: 't', digest: DIGEST }],
    ['x/a.b_c__d-e--f', { domain: 'docker.io', path: 'x/a.b_c__d-e--f' }],
    [`app:${'t'.repeat(128)}`, { domain: 'docker.io', path: 'library/app', tag: 't'.repeat(128) }],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    ['', 'is no repository'],
    ['ab'.repeat(32), 'the id of an image'],
    ['BusyBox', 'write library/busybox'],
    ['ghcr.io/Me/App:v1', 'write me/app'],
    ['a//b', 'is no repository'],
    ['/a', 'is no repository'],
    ['a/', 'is no repository'],
    ['a/../b', 'is no repository'],
    ['a/-b', 'is no repository'],
    ['a___b', 'is no repository'],
    ['a..b', 'is no repository'],
    ['ho_st.io/a', 'is no host'],
    ['host:/a', 'is no host'],
    ['host:123456/a', 'is no host'],
    ['app:', 'is no tag'],
    ['app:-x', 'is no tag'],
    [`app:${'t'.repeat(129)}`, 'is no tag'],
    ['app@sha256:12', 'is no digest'],
    [`app@${DIGEST}@${DIGEST}`, 'is no digest'],
    ['app@', 'is no digest'],
    [`q.io/${'a'.repeat(251)}`, 'more than 255'],
    ['https://q.io/app', 'is no host'],
  ])('refuses %s: %s', (text, why) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({
        code: 'BAD_REFERENCE',
        message: expect.stringContaining(why) as string,
      }),
    );
  });

  it('takes a name of exactly 255 characters', () => {
    const path = 'a'.repeat(255 - 'q.io/'.length);
    expect(parseReference(`q.io/${path}`)).toEqual({ domain: 'q.io', path });
  });

  it('takes a text that is made to be slow in no time', () => {
    const text = `${'a-'.repeat(50_000)}A!`;
    expect(() => parseReference(text)).toThrow('more than 255');
  });
});

describe('names of a reference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox', 'busybox'],
    ['me/app:v1', 'docker.io/me/app:v1', 'me/app:v1'],
    ['localhost/app', 'localhost/app', 'localhost/app'],
    [`app:t@${DIGEST}`, `docker.io/library/app:t@${DIGEST}`, `app:t@${DIGEST}`],
    ['library/a/b', 'docker.io/library/a/b', 'library/a/b'],
    ['docker.io/library/library', 'docker.io/library/library', 'library'],
    ['docker.io/localhost/app', 'docker.io/localhost/app', 'docker.io/localhost/app'],
    ['docker.io/my.org/app', 'docker.io/my.org/app', 'docker.io/my.org/app'],
    [
      `library/${'ab'.repeat(32)}`,
      `docker.io/library/${'ab'.repeat(32)}`,
      `library/${'ab'.repeat(32)}`,
    ],
  ])('%s is %s, in short %s', (text, canonical, familiar) => {
    const reference = parseReference(text);
    expect(canonicalName(reference)).toBe(canonical);
    expect(familiarName(reference)).toBe(familiar);
    expect(parseReference(familiar)).toEqual(reference);
    expect(parseReference(canonical)).toEqual(reference);
  });
});
