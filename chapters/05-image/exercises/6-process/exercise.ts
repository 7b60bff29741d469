import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

interface Plan {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: string;
}

async function plan(attempt: Attempt, image: object, options: object = {}): Promise<Plan> {
  return (await attempt.call('planProcess', image, options)) as Plan;
}

const DEFAULT = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** An image that has both, as most servers' do. */
const SERVER = { Entrypoint: ['/init'], Cmd: ['serve', '--all'] };

/** The command line alone. */
async function runs(
  attempt: Attempt,
  image: object,
  options: object,
  args: string[],
): Promise<void> {
  attempt.equal((await plan(attempt, image, options)).args, args, 'args');
}

/** The environment of a program that is `sh`. */
async function sets(
  attempt: Attempt,
  image: readonly string[] | undefined,
  user: readonly string[] | undefined,
  env: readonly string[],
): Promise<void> {
  const config = { Cmd: ['sh'], ...(image !== undefined && { Env: image }) };
  const seen = await plan(attempt, config, user === undefined ? {} : { env: user });
  attempt.equal(seen.env, env, 'env');
}

export const exercise: Exercise = {
  id: '05.6',
  points: 15,
  checks: [
    {
      id: 'of-the-image',
      async run(attempt) {
        await runs(attempt, SERVER, {}, ['/init', 'serve', '--all']);
        await runs(attempt, { Cmd: ['sh'] }, {}, ['sh']);
        await runs(attempt, { Entrypoint: ['/init'] }, {}, ['/init']);
      },
    },
    {
      id: 'arguments',
      async run(attempt) {
        await runs(attempt, SERVER, { args: ['version'] }, ['/init', 'version']);
        await runs(attempt, { Cmd: ['sh'] }, { args: ['ls', '-l'] }, ['ls', '-l']);
      },
    },
    {
      id: 'no-arguments',
      async run(attempt) {
        await runs(attempt, SERVER, { args: [] }, ['/init', 'serve', '--all']);
      },
    },
    {
      id: 'entrypoint',
      async run(attempt) {
        await runs(attempt, SERVER, { entrypoint: ['sh'] }, ['sh']);
        await runs(attempt, SERVER, { entrypoint: ['sh', '-c'], args: ['id'] }, ['sh', '-c', 'id']);
      },
    },
    {
      id: 'empty-entrypoint',
      async run(attempt) {
        await runs(attempt, SERVER, { entrypoint: [], args: ['ls'] }, ['ls']);
      },
    },
    {
      id: 'nothing',
      async run(attempt) {
        for (const [image, options] of [
          [{}, {}],
          [{ Entrypoint: [], Cmd: [] }, { args: [] }],
          [SERVER, { entrypoint: [] }],
        ]) {
          const thrown = await attempt.throws('refused', 'planProcess', image, options);
          attempt.hasCode(thrown, 'INVALID_ARGUMENT');
        }
      },
    },
    {
      id: 'path',
      async run(attempt) {
        await sets(attempt, undefined, undefined, [DEFAULT]);
        await sets(attempt, ['A=1'], ['B=2'], [DEFAULT, 'A=1', 'B=2']);
        await sets(attempt, ['PATH=/bin', 'A=1'], undefined, ['PATH=/bin', 'A=1']);
      },
    },
    {
      id: 'environment',
      async run(attempt) {
        await sets(attempt, ['PATH=/bin', 'LANG=C'], ['HOME=/'], ['PATH=/bin', 'LANG=C', 'HOME=/']);
        await sets(attempt, ['PATH=/bin', 'LANG=C'], ['LANG=de'], ['PATH=/bin', 'LANG=de']);
      },
    },
    {
      id: 'its-place',
      async run(attempt) {
        const image = ['A=1', 'PATH=/bin', 'B=2'];
        await sets(attempt, image, ['A=3', 'PATH=/x'], ['A=3', 'PATH=/x', 'B=2']);
        await sets(attempt, ['PATH=/bin', 'A=1', 'A=2'], undefined, ['PATH=/bin', 'A=2']);
      },
    },
    {
      id: 'value',
      async run(attempt) {
        const options = 'OPTS=--a=b --c';
        await sets(attempt, ['PATH=/bin', options], ['EMPTY='], ['PATH=/bin', options, 'EMPTY=']);
        await sets(attempt, ['PATH=/bin', 'A=b=c'], ['A=x'], ['PATH=/bin', 'A=x']);
      },
    },
    {
      id: 'taken-away',
      async run(attempt) {
        await sets(attempt, ['PATH=/bin', 'A=1', 'B=2'], ['A'], ['PATH=/bin', 'B=2']);
        await sets(attempt, ['PATH=/bin', 'A=1', 'B=2'], ['A', 'A=3'], ['PATH=/bin', 'B=2', 'A=3']);
        await sets(attempt, ['PATH=/bin'], ['NOT_THERE'], ['PATH=/bin']);
      },
    },
    {
      id: 'path-taken-away',
      async run(attempt) {
        await sets(attempt, ['A=1', 'PATH=/bin'], ['PATH'], [DEFAULT, 'A=1']);
        await sets(attempt, ['A=1', 'PATH='], undefined, ['A=1', 'PATH=']);
        await sets(attempt, ['MYPATH=/x'], undefined, [DEFAULT, 'MYPATH=/x']);
      },
    },
    {
      id: 'directory',
      async run(attempt) {
        const image = { Cmd: ['sh'], WorkingDir: '/srv' };
        attempt.equal((await plan(attempt, { Cmd: ['sh'] })).cwd, '/', 'cwd');
        attempt.equal((await plan(attempt, image)).cwd, '/srv', 'cwd');
        attempt.equal((await plan(attempt, image, { cwd: '/tmp' })).cwd, '/tmp', 'cwd');
      },
    },
    {
      id: 'relative-directory',
      async run(attempt) {
        const image = { Cmd: ['sh'], WorkingDir: 'srv/app' };
        attempt.equal((await plan(attempt, image)).cwd, '/srv/app', 'cwd');
        attempt.equal((await plan(attempt, image, { cwd: 'tmp' })).cwd, '/tmp', 'cwd');
        attempt.equal((await plan(attempt, { Cmd: ['sh'], WorkingDir: '' })).cwd, '/', 'cwd');
        attempt.equal((await plan(attempt, image, { cwd: './srv' })).cwd, '/./srv', 'cwd');
      },
    },
    {
      id: 'user',
      async run(attempt) {
        const image = { Cmd: ['sh'], User: 'www:www' };
        attempt.equal((await plan(attempt, { Cmd: ['sh'] })).user, '', 'user');
        attempt.equal((await plan(attempt, image)).user, 'www:www', 'user');
        attempt.equal((await plan(attempt, image, { user: '0' })).user, '0', 'user');
      },
    },
    {
      id: 'empty-wishes',
      async run(attempt) {
        const image = { Cmd: ['sh'], WorkingDir: '/srv', User: 'www' };
        attempt.equal((await plan(attempt, image, { user: '' })).user, 'www', 'user');
        attempt.equal((await plan(attempt, image, { cwd: '' })).cwd, '/srv', 'cwd');
        attempt.equal((await plan(attempt, { Cmd: ['sh'] }, { cwd: '' })).cwd, '/', 'cwd');
      },
    },
    {
      id: 'any-process',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('planProcess', randomImage(), randomOptions());
        }
      },
    },
  ],
  async show(attempt) {
    await plan(
      attempt,
      { ...SERVER, Env: ['LANG=C'], WorkingDir: 'srv' },
      { args: ['version'], env: ['A=1'] },
    );
  },
};

/** There is always something to execute. */
function randomImage(): object {
  return {
    Entrypoint: ['/init', '-v'].slice(0, 1 + random(2)),
    ...(random(2) === 0 && { Cmd: ['a', 'b'].slice(0, random(3)) }),
    ...(random(3) > 0 && { Env: randomEnv().filter((each) => each.includes('=')) }),
    ...(random(2) === 0 && { WorkingDir: ['', '/', '/srv', 'srv/x'][random(4)] }),
    ...(random(2) === 0 && { User: ['', 'www', '5:6'][random(3)] }),
  };
}

function randomOptions(): object {
  return {
    ...(random(3) === 0 && { entrypoint: ['sh'] }),
    ...(random(2) === 0 && { args: ['x', 'y'].slice(0, random(3)) }),
    ...(random(3) > 0 && { env: randomEnv() }),
    ...(random(2) === 0 && { cwd: ['', '/', '/tmp', 'tmp'][random(4)] }),
    ...(random(2) === 0 && { user: ['', '0', 'ann'][random(3)] }),
  };
}

function randomEnv(): string[] {
  const some = ['A=1', 'A=2', 'A', 'B=', 'B', 'C=x=y', 'PATH=/bin', 'PATH', 'PATH=', 'D=4'];
  return Array.from({ length: random(6) }, () => some[random(some.length)] ?? '');
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
