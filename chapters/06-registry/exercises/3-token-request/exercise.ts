import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random, refuses } from '../refuses.ts';
import type { Asked } from './driver.ts';

const REALM = 'https://auth.example/token';
const REGISTRY = 'https://registry.example/';
const PULL = 'repository:me/app:pull';
const PASSWORD = { username: 'ann', password: 'secret' };
const IDENTITY = { identityToken: 'id-token' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A challenge with realm and service, one scope, nobody who asks; and what is said otherwise. */
function asked(other: Partial<Asked> = {}): Asked {
  const parameters = { realm: REALM, service: 'registry.example' };
  return { parameters, scopes: [PULL], credentials: undefined, registry: REGISTRY, ...other };
}

function step({ parameters, scopes, credentials, registry }: Asked): ReturnType<typeof named> {
  const challenge = `{ scheme: 'bearer', parameters: new Map(Object.entries(${show(parameters)})) }`;
  return named(
    `tokenRequest(${challenge}, ${show(scopes)}, ${show(credentials)}, new URL('${registry}'))`,
    undefined,
  );
}

async function gives(attempt: Attempt, input: Asked, expected: unknown): Promise<void> {
  attempt.equal(await attempt.drive(step(input), 'request', input), expected);
}

function get(query: readonly string[], headers = {}): unknown {
  return { method: 'GET', address: REALM, query, headers };
}

function post(form: readonly string[], query: readonly string[] = []): unknown {
  return { method: 'POST', address: REALM, query, headers: FORM, form };
}

function serverStep(realm: string | undefined, registry: string): ReturnType<typeof named> {
  return named(`tokenServer(${show(realm)}, new URL('${registry}'))`, undefined);
}

async function allows(attempt: Attempt, realm: string, registry: string): Promise<void> {
  const seen = await attempt.drive(serverStep(realm, registry), 'server', { realm, registry });
  attempt.equal(seen, realm, 'url.href');
}

async function refused(
  attempt: Attempt,
  realm: string | undefined,
  code: string,
  registry = REGISTRY,
): Promise<void> {
  await refuses(attempt, serverStep(realm, registry), 'server', { realm, registry }, code);
}

export const exercise: Exercise = {
  id: '06.3',
  points: 15,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'anonymous',
      async run(attempt) {
        const query = ['client_id: coracle', `scope: ${PULL}`, 'service: registry.example'];
        await gives(attempt, asked(), get(query));
      },
    },
    {
      id: 'scopes',
      async run(attempt) {
        const scopes = ['repository:z/z:pull,push', 'repository:a/a:pull'];
        const common = ['client_id: coracle'];
        const lines = scopes.map((scope) => `scope: ${scope}`);
        await gives(
          attempt,
          asked({ scopes }),
          get([...common, ...lines, 'service: registry.example']),
        );
        await gives(attempt, asked({ scopes: [] }), get([...common, 'service: registry.example']));
      },
    },
    {
      id: 'no-service',
      async run(attempt) {
        const query = ['client_id: coracle', `scope: ${PULL}`];
        await gives(attempt, asked({ parameters: { realm: REALM } }), get(query));
      },
    },
    {
      id: 'own-query',
      async run(attempt) {
        const parameters = { realm: `${REALM}?tenant=7`, service: 's' };
        const query = ['client_id: coracle', `scope: ${PULL}`, 'service: s', 'tenant: 7'];
        await gives(attempt, asked({ parameters }), get(query));
      },
    },
    {
      id: 'encoded',
      async run(attempt) {
        const service = 'a&b=c +#ü';
        const query = ['client_id: coracle', `scope: ${PULL}`, `service: ${service}`];
        await gives(attempt, asked({ parameters: { realm: REALM, service } }), get(query));
      },
    },
    {
      id: 'password',
      async run(attempt) {
        const query = [
          'account: ann',
          'client_id: coracle',
          `scope: ${PULL}`,
          'service: registry.example',
        ];
        const headers = { authorization: 'Basic YW5uOnNlY3JldA==' };
        await gives(attempt, asked({ credentials: PASSWORD }), get(query, headers));
      },
    },
    {
      id: 'identity-token',
      async run(attempt) {
        const form = [
          'client_id: coracle',
          'grant_type: refresh_token',
          'refresh_token: id-token',
          `scope: ${PULL}`,
          'service: registry.example',
        ];
        await gives(attempt, asked({ credentials: IDENTITY }), post(form));
      },
    },
    {
      id: 'form-scopes',
      async run(attempt) {
        const scopes = ['repository:z/z:pull,push', 'repository:a/a:pull'];
        const form = [
          'client_id: coracle',
          'grant_type: refresh_token',
          'refresh_token: a+b&c=d',
          `scope: ${scopes.join(' ')}`,
        ];
        const credentials = { identityToken: 'a+b&c=d' };
        const parameters = { realm: `${REALM}?tenant=7` };
        await gives(attempt, asked({ credentials, scopes, parameters }), post(form, ['tenant: 7']));
      },
    },
    {
      id: 'no-address',
      async run(attempt) {
        for (const realm of [undefined, '', 'auth.example', '/token', 'ftp://auth.example/']) {
          await refused(attempt, realm, 'BAD_RESPONSE');
        }
        await allows(attempt, 'https://auth.example/token?a=b', REGISTRY);
      },
    },
    {
      id: 'name-in-it',
      async run(attempt) {
        await refused(attempt, 'https://me:pw@auth.example/', 'BAD_RESPONSE');
        await refused(attempt, 'https://me@auth.example/', 'BAD_RESPONSE');
        await refused(attempt, 'https://:pw@auth.example/', 'BAD_RESPONSE');
      },
    },
    {
      id: 'in-the-clear',
      async run(attempt) {
        await refused(attempt, 'http://auth.example/token', 'INSECURE');
        await refused(attempt, 'http://registry.example/token', 'INSECURE');
        const input = asked({ parameters: { realm: 'http://auth.example/token' } });
        await refuses(attempt, step(input), 'request', input, 'INSECURE');
      },
    },
    {
      id: 'plain-registry',
      async run(attempt) {
        await allows(attempt, 'http://auth.example/token', 'http://registry.example/');
        await allows(attempt, 'http://127.0.0.1:5001/token', 'https://localhost:5000/');
        await allows(attempt, 'http://localhost:5001/token', 'https://127.0.0.1:5000/');
      },
    },
    {
      id: 'whose-machine',
      async run(attempt) {
        await refused(attempt, 'http://localhost:5001/token', 'INSECURE');
        await refused(attempt, 'http://auth.example/token', 'INSECURE', 'https://localhost:5000/');
      },
    },
    {
      id: 'any-request',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          const input = randomAsked();
          await attempt.driveAgrees(step(input), 'request', input);
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.drive(step(asked()), 'request', asked());
    const other = asked({ credentials: PASSWORD });
    await attempt.drive(step(other), 'request', other);
  },
};

function randomAsked(): Asked {
  const realm = oneOf([
    REALM,
    `${REALM}?a=1`,
    'https://auth.example',
    'https://a.example:8443/x/y',
  ]);
  const service = oneOf(['s', 'registry.example', 'a b', '']);
  const scopes = ['repository:a/b:pull', 'repository:c:pull,push', 'registry:catalog:*'];
  const username = oneOf(['ann', 'ü', 'a:b']);
  return asked({
    parameters: random(3) === 0 ? { realm } : { realm, service },
    scopes: [oneOf(scopes), ...scopes.filter(() => random(2) === 0)],
    credentials: oneOf([undefined, { username, password: 'p&q' }, { identityToken: 'x/y=' }]),
  });
}
