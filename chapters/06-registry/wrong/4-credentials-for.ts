import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const HOST = 'target.hostname === registry.hostname';
const PORT = 'target.port === registry.port';
const SCHEME = 'target.protocol === registry.protocol';
const PARSE = 'location === undefined ? null : URL.parse(location, from)';
const HAS_NAME = "url.username !== '' || url.password !== ''";
const DOWNGRADE = "from.protocol === 'https:' && url.protocol === 'http:'";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'wants-the-same-address',
    change: [[PORT, `${PORT} &&\n    target.href === registry.href`]],
    killedBy: 'the-same',
  },
  {
    name: 'trusts-hosts-that-begin-alike',
    change: [[HOST, 'target.hostname.startsWith(registry.hostname)']],
    killedBy: 'other-host',
  },
  {
    name: 'trusts-hosts-below',
    change: [[HOST, 'target.hostname.endsWith(registry.hostname)']],
    killedBy: 'other-host',
  },
  {
    name: 'looks-for-the-host-in-the-text',
    change: [[HOST, 'target.href.includes(registry.hostname)']],
    killedBy: 'other-host',
  },
  {
    name: 'forgets-the-port',
    change: [[`    ${HOST} &&\n    ${PORT}`, `    ${HOST}`]],
    killedBy: 'other-port',
  },
  {
    name: 'forgets-the-scheme',
    change: [[`    ${SCHEME} &&\n`, '']],
    killedBy: 'other-scheme',
  },
  {
    name: 'trusts-https-after-http',
    change: [[SCHEME, `(${SCHEME} || target.protocol === 'https:')`]],
    killedBy: 'other-scheme',
  },
  {
    name: 'wants-a-port',
    change: [[PORT, `${PORT} &&\n    target.port !== ''`]],
    killedBy: 'the-same',
  },
  {
    name: 'gives-none-to-the-port-80',
    change: [[PORT, `${PORT} &&\n    target.protocol === 'https:'`]],
    killedBy: 'written-otherwise',
  },
  {
    name: 'compares-origins-only',
    change: [
      [
        `['https:', 'http:'].includes(target.protocol) &&\n    ${SCHEME} &&\n    ${HOST} &&\n    ${PORT}`,
        'target.origin === registry.origin',
      ],
    ],
    killedBy: 'no-http',
  },
  {
    name: 'resolves-against-the-host',
    change: [['URL.parse(location, from)', 'URL.parse(location, from.origin)']],
    killedBy: 'relative',
  },
  {
    name: 'wants-whole-addresses',
    change: [['URL.parse(location, from)', 'URL.parse(location)']],
    killedBy: 'relative',
  },
  {
    name: 'stays-at-the-host',
    change: [
      [
        `  if (${DOWNGRADE})`,
        `  if (url.host !== from.host) throw new RegistryError('INSECURE', sent);\n  if (${DOWNGRADE})`,
      ],
    ],
    killedBy: 'elsewhere',
  },
  {
    name: 'follows-to-https-only',
    change: [[DOWNGRADE, "url.protocol === 'http:'"]],
    killedBy: 'from-the-clear',
  },
  {
    name: 'follows-to-undefined',
    change: [[PARSE, 'URL.parse(String(location), from)']],
    killedBy: 'no-location',
  },
  {
    name: 'throws-what-URL-throws',
    change: [[PARSE, 'location === undefined ? null : new URL(location, from)']],
    killedBy: 'no-location',
  },
  {
    name: 'follows-to-files',
    change: [["url === null || !['https:', 'http:'].includes(url.protocol)", 'url === null']],
    killedBy: 'other-places',
  },
  {
    name: 'allows-a-name-without-a-password',
    change: [[HAS_NAME, "url.password !== ''"]],
    killedBy: 'name-in-it',
  },
  {
    name: 'follows-into-the-clear',
    change: [[DOWNGRADE, "from.protocol === 'ftp:'"]],
    killedBy: 'into-the-clear',
  },
  {
    name: 'follows-into-the-clear-at-the-same-host',
    change: [[DOWNGRADE, `${DOWNGRADE} && url.host !== from.host`]],
    killedBy: 'into-the-clear',
  },
];
