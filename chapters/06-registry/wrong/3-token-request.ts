import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const SERVICE = "if (service !== undefined) url.searchParams.set('service', service);";
const EACH_SCOPE = "for (const scope of scopes) url.searchParams.append('scope', scope);";
const ALLOWED = "registry.protocol === 'http:' || bothHere";
const HERE = 'isLoopback(registry.hostname) && isLoopback(url.hostname)';
const HAS_NAME = "url.username !== '' || url.password !== ''";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'forgets-the-client',
    change: [["  url.searchParams.set('client_id', CLIENT_ID);\n", '']],
    killedBy: 'anonymous',
  },
  {
    name: 'has-an-empty-authorization',
    change: [
      [
        "return { method: 'GET', url, headers: {} }",
        "return { method: 'GET', url, headers: { authorization: '' } }",
      ],
    ],
    killedBy: 'anonymous',
  },
  {
    name: 'keeps-the-last-scope-only',
    change: [["url.searchParams.append('scope', scope)", "url.searchParams.set('scope', scope)"]],
    killedBy: 'scopes',
  },
  {
    name: 'joins-the-scopes',
    change: [[EACH_SCOPE, "url.searchParams.set('scope', scopes.join(' '));"]],
    killedBy: 'scopes',
  },
  {
    name: 'asks-for-the-service-undefined',
    change: [[SERVICE, "url.searchParams.set('service', String(service));"]],
    killedBy: 'no-service',
  },
  {
    name: 'loses-the-query-of-the-realm',
    change: [[SERVICE, `url.search = '';\n  ${SERVICE}`]],
    killedBy: 'own-query',
  },
  {
    name: 'pastes-the-query-together',
    change: [
      [
        SERVICE,
        "if (service !== undefined) url.search += `${url.search === '' ? '?' : '&'}service=${service}`;",
      ],
    ],
    killedBy: 'encoded',
  },
  {
    name: 'forgets-the-account',
    change: [["  url.searchParams.set('account', credentials.username);\n", '']],
    killedBy: 'password',
  },
  {
    name: 'sends-the-password-in-the-address',
    change: [
      [
        "url.searchParams.set('account', credentials.username);",
        "url.searchParams.set('account', credentials.username);\n  url.searchParams.set('password', credentials.password);",
      ],
    ],
    killedBy: 'password',
  },
  {
    name: 'says-the-wrong-grant',
    change: [["grant_type: 'refresh_token'", "grant_type: 'identity_token'"]],
    killedBy: 'identity-token',
  },
  {
    name: 'sends-the-form-as-json',
    change: [
      ['body: form.toString()', 'body: JSON.stringify(Object.fromEntries(form))'],
      ["'application/x-www-form-urlencoded'", "'application/json'"],
    ],
    killedBy: 'identity-token',
  },
  {
    name: 'has-a-scope-for-each-in-the-form',
    change: [
      [
        "form.set('scope', scopes.join(' '));",
        "for (const scope of scopes) form.append('scope', scope);",
      ],
    ],
    killedBy: 'form-scopes',
  },
  {
    name: 'puts-the-form-into-the-address-too',
    change: [
      [
        "return { method: 'POST', url, headers, body: form.toString() };",
        "url.search = form.toString();\n    return { method: 'POST', url, headers, body: form.toString() };",
      ],
    ],
    killedBy: 'identity-token',
  },
  {
    name: 'resolves-the-realm-against-the-registry',
    change: [['URL.parse(realm)', 'URL.parse(realm, registry)']],
    killedBy: 'no-address',
  },
  {
    name: 'takes-any-scheme',
    change: [
      ["url === null || !['https:', 'http:'].includes(url.protocol)", 'url === null'],
      ["if (url.protocol === 'https:') return url;", "if (url.protocol !== 'http:') return url;"],
    ],
    killedBy: 'no-address',
  },
  {
    name: 'allows-a-password-without-a-name',
    change: [[HAS_NAME, "url.username !== ''"]],
    killedBy: 'name-in-it',
  },
  {
    name: 'drops-the-name-silently',
    change: [
      [`if (${HAS_NAME}) {`, "url.username = '';\n  url.password = '';\n  if (url.host === '') {"],
    ],
    killedBy: 'name-in-it',
  },
  {
    name: 'trusts-the-same-host-in-the-clear',
    change: [[ALLOWED, `${ALLOWED} || url.host === registry.host`]],
    killedBy: 'in-the-clear',
  },
  {
    name: 'does-not-ask-where-it-sends',
    change: [
      [
        "tokenServer(challenge.parameters.get('realm'), registry)",
        "new URL(challenge.parameters.get('realm') ?? '')",
      ],
    ],
    killedBy: 'in-the-clear',
  },
  {
    name: 'wants-https-always',
    change: [[ALLOWED, 'false']],
    killedBy: 'plain-registry',
  },
  {
    name: 'knows-localhost-by-name-only',
    change: [['isLoopback(url.hostname)', "url.hostname === 'localhost'"]],
    killedBy: 'plain-registry',
  },
  {
    name: 'asks-where-the-token-server-is',
    change: [[HERE, 'isLoopback(url.hostname)']],
    killedBy: 'whose-machine',
  },
  {
    name: 'asks-where-the-registry-is-only',
    change: [[HERE, 'isLoopback(registry.hostname)']],
    killedBy: 'whose-machine',
  },
];
