import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, refuses } from '../refuses.ts';

const REGISTRY = 'https://r.example/';
const FROM = 'https://r.example/v2/y';

async function may(
  attempt: Attempt,
  targets: readonly string[],
  expected: boolean,
  registry = REGISTRY,
): Promise<void> {
  for (const target of targets) {
    const asked = named(
      `maySendCredentials(new URL('${target}'), new URL('${registry}'))`,
      undefined,
    );
    attempt.equal(await attempt.drive(asked, 'maySend', { target, registry }), expected);
  }
}

function step(location: string | undefined, from: string): ReturnType<typeof named> {
  return named(`locationFrom(${show(location)}, new URL('${from}'))`, undefined);
}

async function leads(
  attempt: Attempt,
  location: string,
  expected: string,
  from = FROM,
): Promise<void> {
  const seen = await attempt.drive(step(location, from), 'location', { location, from });
  attempt.equal(seen, expected, 'url.href');
}

async function refused(
  attempt: Attempt,
  locations: readonly (string | undefined)[],
  code: string,
): Promise<void> {
  for (const location of locations) {
    await refuses(attempt, step(location, FROM), 'location', { location, from: FROM }, code);
  }
}

export const exercise: Exercise = {
  id: '06.4',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'the-same',
      async run(attempt) {
        await may(attempt, ['https://r.example/', 'https://r.example/v2/x?y'], true);
      },
    },
    {
      id: 'other-host',
      async run(attempt) {
        const others = [
          'evil.example',
          'r.example.evil',
          'sub.r.example',
          'r.example@evil.example',
        ];
        await may(
          attempt,
          others.map((host) => `https://${host}/`),
          false,
        );
      },
    },
    {
      id: 'other-port',
      async run(attempt) {
        await may(attempt, ['https://r.example:8443/'], false);
        await may(attempt, ['https://r.example/'], false, 'https://r.example:5000/');
      },
    },
    {
      id: 'other-scheme',
      async run(attempt) {
        await may(attempt, ['http://r.example/', 'http://r.example:443/'], false);
        await may(
          attempt,
          ['https://r.example/', 'https://r.example:80/'],
          false,
          'http://r.example/',
        );
        await may(attempt, ['http://r.example:5000/'], false, 'https://r.example:5000/');
      },
    },
    {
      id: 'written-otherwise',
      async run(attempt) {
        await may(attempt, ['https://r.example:443/', 'https://R.EXAMPLE/x'], true);
        await may(attempt, ['http://r.example/'], true, 'http://r.example:80/');
      },
    },
    {
      id: 'no-http',
      async run(attempt) {
        await may(attempt, ['file:///x'], false, 'file:///x');
        await may(attempt, ['ftp://r.example/'], false, 'ftp://r.example/');
      },
    },
    {
      id: 'relative',
      async run(attempt) {
        await leads(attempt, '/v2/x', 'https://r.example/v2/x');
        await leads(attempt, '?state=1', 'https://r.example/v2/y?state=1');
        await leads(attempt, 'z', 'https://r.example/v2/z');
      },
    },
    {
      id: 'elsewhere',
      async run(attempt) {
        await leads(attempt, 'https://other.example/z?sig=a', 'https://other.example/z?sig=a');
        await leads(attempt, '//other.example/z', 'https://other.example/z');
      },
    },
    {
      id: 'from-the-clear',
      async run(attempt) {
        const from = 'http://r.example/';
        await leads(attempt, 'https://other.example/z', 'https://other.example/z', from);
        await leads(attempt, 'http://other.example/z', 'http://other.example/z', from);
      },
    },
    {
      id: 'no-location',
      async run(attempt) {
        await refused(attempt, [undefined, 'https://['], 'BAD_RESPONSE');
      },
    },
    {
      id: 'other-places',
      async run(attempt) {
        await refused(
          attempt,
          ['file:///etc/passwd', 'data:text/plain,x', 'ftp://r.example/'],
          'BAD_RESPONSE',
        );
      },
    },
    {
      id: 'name-in-it',
      async run(attempt) {
        const addresses = [
          'https://me:pw@other.example/',
          '//me@other.example/',
          '//:pw@r.example/',
        ];
        await refused(attempt, addresses, 'BAD_RESPONSE');
      },
    },
    {
      id: 'into-the-clear',
      async run(attempt) {
        await refused(attempt, ['http://other.example/', 'http://r.example/v2/y'], 'INSECURE');
      },
    },
    {
      id: 'any-address',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          const [target, registry] = [randomAddress(), randomAddress()];
          const words = `maySendCredentials(new URL('${target}'), new URL('${registry}'))`;
          await attempt.driveAgrees(named(words, undefined), 'maySend', { target, registry });
          const location = oneOf([
            '/a/b',
            '?a',
            'c',
            '../d',
            '//h.example/e',
            'https://h.example:8/f',
          ]);
          await attempt.driveAgrees(step(location, registry), 'location', {
            location,
            from: registry,
          });
        }
      },
    },
  ],
  async show(attempt) {
    await leads(attempt, '//store.example/blob?sig=a', 'https://store.example/blob?sig=a');
    await may(attempt, ['https://store.example/blob?sig=a'], false);
  },
};

function randomAddress(): string {
  const host = oneOf(['r.example', 'R.example', 's.example', '127.0.0.1', '[::1]']);
  return `${oneOf(['https', 'http'])}://${host}${oneOf(['', ':80', ':443', ':5000'])}/v2/${oneOf(['x', 'y?z'])}`;
}
