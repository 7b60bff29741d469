import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random } from '../refuses.ts';

type Shown = readonly (readonly [scheme: string, parameters: Readonly<Record<string, string>>])[];

/** The longest header that is read. */
const LONGEST = 8192;

async function reads(attempt: Attempt, header: unknown, expected: Shown): Promise<void> {
  const challenges = expected.map(([scheme, parameters]) => ({
    scheme,
    parameters: new Map(Object.entries(parameters)),
  }));
  attempt.equal(await attempt.call('parseChallenges', header), challenges);
}

async function refused(attempt: Attempt, ...headers: readonly unknown[]): Promise<void> {
  for (const header of headers) {
    const thrown = await attempt.throws('refused', 'parseChallenges', header);
    attempt.hasCode(thrown, 'BAD_RESPONSE');
  }
}

/** A header of so many characters. */
function ofLength(length: number): ReturnType<typeof named> {
  const header = 'Basic realm="r"';
  const commas = length - header.length;
  return named(`'${header}' + ','.repeat(${commas})`, header + ','.repeat(commas));
}

export const exercise: Exercise = {
  id: '06.2',
  points: 15,
  checks: [
    {
      id: 'one',
      async run(attempt) {
        await reads(attempt, 'basic realm="r"', [['basic', { realm: 'r' }]]);
        await reads(attempt, '', []);
      },
    },
    {
      id: 'parameters',
      async run(attempt) {
        const realm = 'https://auth.example/token';
        await reads(attempt, `bearer realm="${realm}",service="s"`, [
          ['bearer', { realm, service: 's' }],
        ]);
      },
    },
    {
      id: 'quoted',
      async run(attempt) {
        const scope = 'repository:a/b:pull,push';
        await reads(attempt, `bearer realm="r",scope="${scope}"`, [
          ['bearer', { realm: 'r', scope }],
        ]);
        await reads(attempt, 'basic realm="c, d=e"', [['basic', { realm: 'c, d=e' }]]);
        await reads(attempt, 'basic realm=""', [['basic', { realm: '' }]]);
      },
    },
    {
      id: 'escapes',
      async run(attempt) {
        await reads(attempt, String.raw`basic realm="a\"b"`, [['basic', { realm: 'a"b' }]]);
        await reads(attempt, String.raw`basic realm="a\\",x="\b"`, [
          ['basic', { realm: String.raw`a${'\\'}`, x: 'b' }],
        ]);
      },
    },
    {
      id: 'bare-word',
      async run(attempt) {
        await reads(attempt, 'bearer realm="r",service=registry-1.example', [
          ['bearer', { realm: 'r', service: 'registry-1.example' }],
        ]);
      },
    },
    {
      id: 'case',
      async run(attempt) {
        await reads(attempt, 'Bearer REALM="R",Service=Two', [
          ['bearer', { realm: 'R', service: 'Two' }],
        ]);
      },
    },
    {
      id: 'two',
      async run(attempt) {
        await reads(attempt, 'bearer realm="a",service="b", basic realm="c"', [
          ['bearer', { realm: 'a', service: 'b' }],
          ['basic', { realm: 'c' }],
        ]);
      },
    },
    {
      id: 'spaces',
      async run(attempt) {
        await reads(attempt, 'bearer  realm = "a" , service\t=\t"b"', [
          ['bearer', { realm: 'a', service: 'b' }],
        ]);
        await reads(attempt, ', ,bearer realm="a",, service="b", ', [
          ['bearer', { realm: 'a', service: 'b' }],
        ]);
        await reads(attempt, ' \tbearer realm="a"', [['bearer', { realm: 'a' }]]);
      },
    },
    {
      id: 'scheme-alone',
      async run(attempt) {
        await reads(attempt, 'negotiate, basic realm="x"', [
          ['negotiate', {}],
          ['basic', { realm: 'x' }],
        ]);
        await reads(attempt, 'negotiate', [['negotiate', {}]]);
      },
    },
    {
      id: 'token68',
      async run(attempt) {
        await reads(attempt, 'negotiate YWJj==, bearer realm="x"', [
          ['negotiate', {}],
          ['bearer', { realm: 'x' }],
        ]);
        await reads(attempt, 'negotiate a-b.c/d+e', [['negotiate', {}]]);
      },
    },
    {
      id: 'no-scheme',
      async run(attempt) {
        await refused(attempt, 'realm="x"', 'realm="x", basic');
      },
    },
    {
      id: 'no-grammar',
      async run(attempt) {
        await refused(attempt, '"x"', 'basic realm="x', 'basic realm="x",service=');
        await refused(attempt, 'basic realm="x" y="z"', 'basic realm=x y=z', 'basic @="x"');
        await refused(attempt, 'basic a b', 'basic YWJj==, realm="x"');
      },
    },
    {
      id: 'twice',
      async run(attempt) {
        await refused(attempt, 'basic realm="x",realm="y"', 'basic realm="x",REALM="x"');
      },
    },
    {
      id: 'too-long',
      async run(attempt) {
        await attempt.call('parseChallenges', ofLength(LONGEST));
        await refused(attempt, ofLength(LONGEST + 1));
      },
    },
    {
      id: 'any-header',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('parseChallenges', randomHeader());
        }
      },
    },
  ],
  async show(attempt) {
    const bearer = 'Bearer realm="https://auth.example/token",service="registry.example"';
    await attempt.call('parseChallenges', `${bearer}, Basic realm="registry"`);
  },
};

function randomHeader(): string {
  const comma = (): string => oneOf([',', ', ', ' ,', ',,', '\t, ']);
  const equals = (): string => oneOf(['=', '=', ' = ', '\t=']);
  const value = (): string => oneOf(['"a"', '"b, c=d"', 'word', '""', String.raw`"\"\\"`, 'X-1']);
  const parameters = (): string => {
    const names = ['realm', 'Service', 'scope', 'x'].filter(() => random(2) === 0);
    return names.map((name) => `${name}${equals()}${value()}`).join(comma());
  };
  const challenge = (): string => {
    const rest = random(4) === 0 ? oneOf(['YWJj', 'YQ==', 'a/b+c']) : parameters();
    return `${oneOf(['Bearer', 'Basic', 'NTLM', 'x!y'])}${rest === '' ? '' : ' '}${rest}`;
  };
  return Array.from({ length: random(4) }, challenge).join(comma());
}
