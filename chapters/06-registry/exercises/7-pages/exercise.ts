import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random, refuses } from '../refuses.ts';

const PAGE = 'https://r.example/v2/a/tags/list?n=2';

function step(link: string | undefined): ReturnType<typeof named> {
  return named(`nextPage(${show(link)}, new URL('${PAGE}'))`, undefined);
}

/** @param expected the path and query of the next page at the same host; none, if undefined. */
async function leads(
  attempt: Attempt,
  link: string | undefined,
  expected: string | undefined,
): Promise<void> {
  const seen = await attempt.drive(step(link), 'next', { link, page: PAGE });
  attempt.equal(seen, expected && new URL(expected, PAGE).href, 'url.href');
}

async function refused(attempt: Attempt, ...targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    const link = `<${target}>; rel="next"`;
    await refuses(attempt, step(link), 'next', { link, page: PAGE }, 'BAD_RESPONSE');
  }
}

export const exercise: Exercise = {
  id: '06.7',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'next',
      async run(attempt) {
        await leads(
          attempt,
          '</v2/a/tags/list?n=2&last=b>; rel="next"',
          '/v2/a/tags/list?n=2&last=b',
        );
      },
    },
    {
      id: 'last',
      async run(attempt) {
        for (const link of [undefined, '', '</x>', '</x>; rel="prev"', '</next>; title="x"']) {
          await leads(attempt, link, undefined);
        }
      },
    },
    {
      id: 'relative',
      async run(attempt) {
        await leads(attempt, '<?n=2&last=b>; rel="next"', '/v2/a/tags/list?n=2&last=b');
        await leads(attempt, '<more>; rel="next"', '/v2/a/tags/more');
        await leads(attempt, '<https://r.example:443/x>; rel="next"', '/x');
      },
    },
    {
      id: 'among-others',
      async run(attempt) {
        await leads(attempt, '</first>; rel="prev", </x>; rel="next"', '/x');
        await leads(attempt, '</x>; rel="next", </y>; rel="prev"', '/x');
        await leads(attempt, '</x>; rel="next", </y>; rel="next"', '/x');
      },
    },
    {
      id: 'words',
      async run(attempt) {
        await leads(attempt, '</x>; rel="prev next"', '/x');
        await leads(attempt, '</x>; rel="nextish", </y>; rel="not-next"', undefined);
      },
    },
    {
      id: 'case',
      async run(attempt) {
        await leads(attempt, '</x>; rel="NEXT"', '/x');
        await leads(attempt, '</x>; Rel="next"', '/x');
      },
    },
    {
      id: 'bare',
      async run(attempt) {
        await leads(attempt, '</x>; rel=next', '/x');
        await leads(attempt, '</x>; rel=prev, </y>; rel=next', '/y');
      },
    },
    {
      id: 'other-parameters',
      async run(attempt) {
        await leads(attempt, '</x>; title="b"; rel="next"', '/x');
        await leads(attempt, '</x>; crossorigin; rel="next"; type=json', '/x');
      },
    },
    {
      id: 'commas',
      async run(attempt) {
        await leads(attempt, '</x,y;z>; rel="next"', '/x,y;z');
        await leads(attempt, '</x>; title="a, b; c"; rel="next"', '/x');
        await leads(attempt, '</x>; title="</y>, d"; rel="prev", </z>; rel="next"', '/z');
        await leads(attempt, '</x>; title="a; rel=next"; rel="prev"', undefined);
        await leads(attempt, String.raw`</x>; title="a\", b"; rel="next"`, '/x');
      },
    },
    {
      id: 'spaces',
      async run(attempt) {
        await leads(attempt, '</x>;rel="next"', '/x');
        await leads(attempt, ' </a>;rel=prev , </x> ; rel = "next"', '/x');
      },
    },
    {
      id: 'no-list',
      async run(attempt) {
        for (const link of ['/x; rel="next"', 'rel="next"', '</x; rel="next"', '/x>; rel="next"']) {
          await leads(attempt, link, undefined);
        }
        await leads(attempt, '</x>; title="a; rel="next"', undefined);
        await leads(attempt, '</x>; rel="next", and more', '/x');
      },
    },
    {
      id: 'elsewhere',
      async run(attempt) {
        await refused(attempt, 'https://evil.example/x', '//evil.example/x');
        await refused(attempt, 'http://r.example/x', 'https://r.example:8443/x', 'https://[');
        await refused(attempt, 'https://me:pw@r.example/x');
      },
    },
    {
      id: 'itself',
      async run(attempt) {
        await refused(attempt, '/v2/a/tags/list?n=2', '', 'list?n=2', '?n=2#more');
      },
    },
    {
      id: 'any-list',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          const link = randomList();
          await attempt.driveAgrees(step(link), 'next', { link, page: PAGE });
        }
      },
    },
  ],
  async show(attempt) {
    await leads(attempt, '<?n=2&last=b>; rel="next"', '/v2/a/tags/list?n=2&last=b');
  },
};

function randomList(): string {
  const space = (): string => oneOf(['', ' ']);
  const parameter = (): string =>
    `;${space()}${oneOf(['title="x, y"', 'type=a', 'hreflang', 'title="a;b"'])}`;
  const links = Array.from({ length: random(4) }, () => {
    const rel = oneOf(['"next"', '"prev"', 'next', 'prev', '"a NEXT b"', '"nexts"']);
    const others = Array.from({ length: random(3) }, parameter).join('');
    return `<${oneOf(['/a', '?last=b,c', 'd;e'])}>${others};${space()}rel${space()}=${space()}${rel}`;
  });
  return links.join(oneOf([',', ', ', ' , ']));
}
