import path from 'node:path';
import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { lowerdir, treeOf } from '../tree.ts';

interface Mount {
  readonly options: string;
  readonly cwd?: string;
  readonly links?: readonly { readonly name: string; readonly target: string }[];
}

const PAGE = 4096;
const INDEX_OFF = [{ key: 'index', value: 'off' }];

async function plan(
  attempt: Attempt,
  spec: { lower: readonly string[]; upper?: string; work?: string },
  pageSize: number,
): Promise<Mount> {
  return (await attempt.call('planClassic', spec, INDEX_OFF, pageSize)) as Mount;
}

export const exercise: Exercise = {
  id: '03.2',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'common-parent',
      async run(attempt) {
        const common = (...paths: string[]): Promise<unknown> =>
          attempt.call('commonParent', paths);
        attempt.equal(await common('/var/l/3/fs', '/var/l/2/fs', '/var/l/1/fs'), '/var/l');
        attempt.equal(await common('/var/l/3/fs', '/var/l/2/fs', '/var/x'), '/var');
        attempt.equal(await common('/a/b', '/c/d'), '/');
        attempt.equal(await common('/a/b/c'), '/a/b');
        attempt.equal(await common('/a/b', '/a/b/c'), '/a');
      },
    },
    {
      id: 'whole-names',
      async run(attempt) {
        const paths = ['/s/layer1/fs', '/s/layer10/fs', '/s/layer100/fs'];
        attempt.equal(await attempt.call('commonParent', paths), '/s');
        attempt.equal(await attempt.call('commonParent', ['/s/x', '/s1/x']), '/');
      },
    },
    {
      id: 'first-that-fits',
      async run(attempt) {
        const spec = { lower: ['/s/l/2/fs', '/s/l/1/fs'], upper: '/s/u', work: '/s/w' };
        attempt.equal(await plan(attempt, spec, PAGE), {
          options: 'lowerdir=/s/l/2/fs:/s/l/1/fs,upperdir=/s/u,workdir=/s/w,index=off',
        });
        attempt.equal(await plan(attempt, spec, 64), {
          options: 'lowerdir=2/fs:1/fs,upperdir=/s/u,workdir=/s/w,index=off',
          cwd: '/s/l',
        });
      },
    },
    {
      id: 'from-the-root',
      async run(attempt) {
        attempt.equal(await plan(attempt, { lower: ['/app', '/srv', '/'] }, 29), {
          options: 'lowerdir=app:srv:.,index=off',
          cwd: '/',
        });
      },
    },
    {
      id: 'links',
      async run(attempt) {
        const lower = ['/a/third', '/b/second', '/c/first'];
        attempt.equal(await plan(attempt, { lower }, 27), {
          options: 'lowerdir=0:1:2,index=off',
          links: [
            { name: '0', target: '/a/third' },
            { name: '1', target: '/b/second' },
            { name: '2', target: '/c/first' },
          ],
        });
      },
    },
    {
      id: 'fits',
      async run(attempt) {
        const options = 'lowerdir=/l/2:/l/1,index=off';
        const spec = { lower: ['/l/2', '/l/1'] };
        attempt.equal((await plan(attempt, spec, options.length + 1)).options, options, 'options');
        const relative = 'lowerdir=2:1,index=off';
        attempt.equal((await plan(attempt, spec, options.length)).options, relative, 'options');
        const wide = { lower: ['/ü/2', '/ü/1'] };
        attempt.equal((await plan(attempt, wide, options.length + 2)).options, relative, 'options');
      },
    },
    {
      id: 'too-long',
      async run(attempt) {
        const spec = { lower: ['/l/2', '/l/1'], upper: '/srv/the/store/upper', work: '/srv/work' };
        const thrown = await attempt.throws('refused', 'planClassic', spec, INDEX_OFF, 48);
        attempt.hasCode(thrown, 'OVERLAY_TOO_LONG');
      },
    },
    {
      id: 'mounted',
      needs: 'kernel',
      async run(attempt) {
        const image = ['bottom: 1', 'middle: 2', 'shared: 3', 'top: 3'];
        await attempt.drive('mount', 'mountLayers', { pageSize: 80 });
        attempt.equal(await treeOf(attempt, '/dev/shm/merged'), image, 'merged');
        const shown = await lowerdir(attempt, '/dev/shm/merged');
        attempt.equal(shown, 'lowerdir=3:2:1', '/proc/PID/mountinfo');
        await attempt.drive('mount-links', 'mountLayers', { pageSize: 80, apart: true });
        attempt.equal(await treeOf(attempt, '/dev/shm/merged'), image, 'merged');
      },
    },
    {
      id: 'any-layers',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const lower = randomLayers();
          await attempt.agrees('commonParent', lower);
          const pageSize = 40 + Math.floor(Math.random() * 60);
          await attempt.agrees('planClassic', { lower }, INDEX_OFF, pageSize);
        }
      },
    },
  ],
  async show(attempt) {
    const spec = { lower: ['/var/lib/layers/2/fs', '/var/lib/layers/1/fs'] };
    await plan(attempt, spec, PAGE);
    await plan(attempt, spec, 60);
    await plan(attempt, spec, 30);
  },
};

function randomLayers(): string[] {
  const count = 2 + Math.floor(Math.random() * 4);
  const names = ['a', 'layer', 'layer1', 'ü', 'x,y'];
  const name = (): string => names[Math.floor(Math.random() * names.length)] ?? '';
  return Array.from({ length: count }, (_, index) => `/${name()}/${name()}/${index}`);
}
