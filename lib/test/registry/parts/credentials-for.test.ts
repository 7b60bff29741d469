import { expect, it } from 'vitest';
import { locationFrom, maySendCredentials } from '#parts/registry/credentials-for.ts';

it.each([
  ['https://r.example/x?y', 'https://r.example/', true],
  ['https://r.example:443/', 'https://r.example/', true],
  ['https://R.EXAMPLE/', 'https://r.example/', true],
  ['http://r.example:80/', 'http://r.example/', true],
  ['https://[::1]:5000/', 'https://[::1]:5000/', true],
  ['http://r.example/', 'https://r.example/', false],
  ['http://r.example:443/', 'https://r.example/', false],
  ['https://r.example/', 'http://r.example/', false],
  ['https://r.example:8443/', 'https://r.example/', false],
  ['https://r.example./', 'https://r.example/', false],
  ['https://r.example.evil/', 'https://r.example/', false],
  ['https://evil.example/', 'https://r.example/', false],
  ['https://r.example@evil.example/', 'https://r.example/', false],
  ['https://sub.r.example/', 'https://r.example/', false],
  ['file:///x', 'file:///x', false],
  ['data:x', 'data:x', false],
])('credentials may be sent to %s for %s: %s', (target, registry, expected) => {
  expect(maySendCredentials(new URL(target), new URL(registry))).toBe(expected);
});

it.each([
  ['/v2/x', 'https://r.example/v2/y', 'https://r.example/v2/x'],
  ['?state=1', 'https://r.example/v2/y', 'https://r.example/v2/y?state=1'],
  ['z', 'https://r.example/v2/y', 'https://r.example/v2/z'],
  ['//other.example/z', 'https://r.example/v2/y', 'https://other.example/z'],
  ['https://other.example/z', 'http://r.example/', 'https://other.example/z'],
  ['http://other.example/z', 'http://r.example/', 'http://other.example/z'],
])('%s from %s leads to %s', (location, from, expected) => {
  expect(locationFrom(location, new URL(from)).href).toBe(expected);
});

it.each([
  [undefined, 'BAD_RESPONSE'],
  ['file:///etc/passwd', 'BAD_RESPONSE'],
  ['javascript:x', 'BAD_RESPONSE'],
  ['https://[', 'BAD_RESPONSE'],
  ['https://me:pw@other.example/', 'BAD_RESPONSE'],
  ['//me@other.example/', 'BAD_RESPONSE'],
  ['http://r.example/', 'INSECURE'],
  ['http://other.example/', 'INSECURE'],
])('from https to %s leads nowhere', (location, code) => {
  expect(() => locationFrom(location, new URL('https://r.example/'))).toThrow(
    expect.objectContaining({ code }),
  );
});
