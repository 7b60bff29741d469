import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random } from '../refuses.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ID = 'ab'.repeat(32);

interface Reference {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A text with long runs, as a report shows it. */
function text(value: string): unknown {
  const words = value
    .replaceAll(ID, "${'ab'.repeat(32)}")
    .replaceAll(
      /([a-z])\1{99,}/g,
      (run, letter: string) => `\${'${letter}'.repeat(${run.length})}`,
    );
  return words === value ? value : named(`\`${words}\``, value);
}

async function reads(attempt: Attempt, name: string, expected: Reference): Promise<void> {
  attempt.equal(await attempt.call('parseReference', text(name)), expected);
}

async function refused(attempt: Attempt, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const thrown = await attempt.throws('refused', 'parseReference', text(name));
    attempt.hasCode(thrown, 'BAD_REFERENCE');
  }
}

async function short(attempt: Attempt, reference: Reference, expected: string): Promise<void> {
  attempt.equal(await attempt.call('familiarName', reference), expected);
}

function hub(path: string): Reference {
  return { domain: 'docker.io', path };
}

export const exercise: Exercise = {
  id: '06.1',
  points: 15,
  checks: [
    {
      id: 'short-name',
      async run(attempt) {
        await reads(attempt, 'busybox', hub('library/busybox'));
        await reads(attempt, 'me/app', hub('me/app'));
        await reads(attempt, 'me/my/app', hub('me/my/app'));
      },
    },
    {
      id: 'domain',
      async run(attempt) {
        await reads(attempt, 'ghcr.io/me/app', { domain: 'ghcr.io', path: 'me/app' });
        await reads(attempt, 'localhost/me/app', { domain: 'localhost', path: 'me/app' });
        await reads(attempt, 'Host/me/app', { domain: 'Host', path: 'me/app' });
      },
    },
    {
      id: 'tag',
      async run(attempt) {
        await reads(attempt, 'busybox:1.36', { ...hub('library/busybox'), tag: '1.36' });
        await reads(attempt, 'me/app:v1', { ...hub('me/app'), tag: 'v1' });
      },
    },
    {
      id: 'port',
      async run(attempt) {
        const domain = 'localhost:5000';
        await reads(attempt, 'localhost:5000/me/app', { domain, path: 'me/app' });
        await reads(attempt, 'localhost:5000/me/app:v1', { domain, path: 'me/app', tag: 'v1' });
        await reads(attempt, 'localhost:5000', { ...hub('library/localhost'), tag: '5000' });
        await reads(attempt, '[::1]:5000/me/app', { domain: '[::1]:5000', path: 'me/app' });
      },
    },
    {
      id: 'digest',
      async run(attempt) {
        await reads(attempt, `me/app@${DIGEST}`, { ...hub('me/app'), digest: DIGEST });
        const both = { domain: 'q.io', path: 'me/app', tag: 't', digest: DIGEST };
        await reads(attempt, `q.io/me/app:t@${DIGEST}`, both);
      },
    },
    {
      id: 'another-name',
      async run(attempt) {
        await reads(attempt, 'docker.io/busybox', hub('library/busybox'));
        await reads(attempt, 'index.docker.io/busybox', hub('library/busybox'));
        await reads(attempt, 'index.docker.io/me/app', hub('me/app'));
      },
    },
    {
      id: 'only-there',
      async run(attempt) {
        await reads(attempt, 'ghcr.io/app', { domain: 'ghcr.io', path: 'app' });
        await reads(attempt, 'localhost:5000/app', { domain: 'localhost:5000', path: 'app' });
      },
    },
    {
      id: 'an-id',
      async run(attempt) {
        await refused(attempt, ID);
        await reads(attempt, `me/${ID}`, hub(`me/${ID}`));
      },
    },
    {
      id: 'upper-case',
      async run(attempt) {
        await refused(attempt, 'BusyBox');
        const name = 'ghcr.io/Me/App:v1';
        const { message } = await attempt.throws('refused', 'parseReference', name);
        attempt.holds(message.includes('me/app'), 'advice', message);
      },
    },
    {
      id: 'path-form',
      async run(attempt) {
        await refused(attempt, '', 'a//b', '/a', 'a/', 'a/../b', 'a..b', 'a___b', 'me/-b');
        await reads(attempt, 'x/a.b_c__d--e', hub('x/a.b_c__d--e'));
      },
    },
    {
      id: 'domain-form',
      async run(attempt) {
        await refused(attempt, 'ho_st.io/a', 'host:/a', 'host:123456/a', 'https://q.io/app');
      },
    },
    {
      id: 'length',
      async run(attempt) {
        const path = 'a'.repeat(255 - 'q.io/'.length);
        await reads(attempt, `q.io/${path}:v1`, { domain: 'q.io', path, tag: 'v1' });
        await refused(attempt, `q.io/${path}a`);
        // The domain and the prefix that were not written count as well.
        await refused(attempt, 'a'.repeat(256 - 'docker.io/library/'.length));
      },
    },
    {
      id: 'tag-form',
      async run(attempt) {
        await refused(attempt, 'app:', 'app:-x', `app:${'t'.repeat(129)}`, `app:@${DIGEST}`);
      },
    },
    {
      id: 'digest-form',
      async run(attempt) {
        await refused(attempt, 'app@', 'app@sha256:12', `app@${DIGEST}@${DIGEST}`);
      },
    },
    {
      id: 'familiar',
      async run(attempt) {
        await short(attempt, { ...hub('library/busybox'), tag: 'latest' }, 'busybox:latest');
        await short(attempt, hub('me/app'), 'me/app');
        await short(attempt, { domain: 'ghcr.io', path: 'library/app' }, 'ghcr.io/library/app');
      },
    },
    {
      id: 'one-part',
      async run(attempt) {
        await short(attempt, hub('library/a/b'), 'library/a/b');
        await short(attempt, hub('library/library'), 'library');
      },
    },
    {
      id: 'as-a-domain',
      async run(attempt) {
        await short(attempt, hub('my.org/app'), 'docker.io/my.org/app');
        await short(attempt, hub('localhost/app'), 'docker.io/localhost/app');
        await short(attempt, hub('library/my.app'), 'my.app');
      },
    },
    {
      id: 'as-an-id',
      async run(attempt) {
        const reference = hub(`library/${ID}`);
        attempt.equal(await attempt.call('familiarName', reference), `library/${ID}`);
        await short(attempt, { ...reference, tag: 'v1' }, `${ID}:v1`);
      },
    },
    {
      id: 'any-name',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('parseReference', randomName());
          const path = [...oneOf(PATHS), oneOf(PARTS)].join('/');
          await attempt.agrees('familiarName', { domain: oneOf(DOMAINS), path });
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('parseReference', 'busybox:1.36');
    await attempt.call('parseReference', 'localhost:5000/me/app');
    await attempt.call('familiarName', hub('library/busybox'));
  },
};

const DOMAINS = ['docker.io', 'index.docker.io', 'localhost', 'q.io', 'q.io:5000', 'HOST', '[::1]'];
const PATHS = [[], ['library'], ['me'], ['my.org'], ['a', 'b']];
const PARTS = ['app', 'a.b', 'library', 'localhost', 'x__y', '5000', ID];

function randomName(): string {
  const path = [...oneOf(PATHS), oneOf(PARTS.slice(0, -1))].join('/');
  const domain = random(2) === 0 ? '' : `${oneOf(DOMAINS)}/`;
  const tag = random(2) === 0 ? '' : `:${oneOf(['v1', '1.36', 'latest', 'A_b-c'])}`;
  return `${domain}${path}${tag}${random(3) === 0 ? `@${DIGEST}` : ''}`;
}
