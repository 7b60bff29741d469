import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { treeOf } from '../tree.ts';
import type { MadeUp } from './driver.ts';

type Tree = Readonly<Record<string, MadeUp>>;

function file(below: MadeUp['below'], ino?: number): MadeUp {
  return { kind: 'file', below, ...(ino !== undefined && { ino }) };
}

function whiteout(below: MadeUp['below']): MadeUp {
  return { kind: 'whiteout', below };
}

function directory(
  below: MadeUp['below'],
  entries: Tree,
  more: { same?: boolean; opaque?: boolean } = {},
): MadeUp {
  return { kind: 'directory', below, ...more, entries };
}

function words(tree: Tree): ReturnType<typeof named> {
  const text = ['upperChanges(entries, links)  // entries:', ...linesOf(tree, '  ')];
  return named(text.join('\n'), undefined);
}

/** `  etc/  directory, below: directory, same`. */
function linesOf(tree: Tree, indent: string): string[] {
  return Object.entries(tree).flatMap(([name, { kind, below, opaque, same, ino, entries }]) => {
    const facts = [
      kind,
      `below: ${below}`,
      ...(opaque === true ? ['opaque'] : []),
      ...(same === true ? ['isSameAsBelow'] : []),
      ...(ino === undefined ? [] : [`ino: ${ino}`]),
    ];
    const shown = kind === 'directory' ? `${name}/` : name;
    return [
      `${indent}${shown.padEnd(8)}${facts.join(', ')}`,
      ...linesOf(entries ?? {}, `${indent}  `),
    ];
  });
}

async function tell(attempt: Attempt, tree: Tree): Promise<unknown> {
  return attempt.drive(words(tree), 'tell', tree);
}

async function act(attempt: Attempt, script: string): Promise<unknown> {
  attempt.steps.push(attempt.say('image'));
  return attempt.drive(named(`$ ${script}`, undefined), 'act', script);
}

export const exercise: Exercise = {
  id: '03.6',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'files',
      async run(attempt) {
        const tree = { new: file('nothing'), old: file('file') };
        attempt.equal(await attempt.drive(words(tree), 'tellWhole', tree), [
          { kind: 'add', path: 'new', source: '/upper/new', stats: 'lstat(new)' },
          { kind: 'modify', path: 'old', source: '/upper/old', stats: 'lstat(old)' },
        ]);
        attempt.equal(await tell(attempt, { over: file('directory') }), ['modify over']);
      },
    },
    {
      id: 'whiteout',
      async run(attempt) {
        const tree = { dir: whiteout('directory'), motd: whiteout('file'), x: whiteout('nothing') };
        attempt.equal(await attempt.drive(words(tree), 'tellWhole', tree), [
          { kind: 'delete', path: 'dir' },
          { kind: 'delete', path: 'motd' },
        ]);
      },
    },
    {
      id: 'contents',
      async run(attempt) {
        const tree = {
          a: directory('nothing', { b: directory('nothing', { c: file('nothing') }) }),
          d: directory('file', { e: file('nothing') }),
          f: file('nothing'),
        };
        attempt.equal(await tell(attempt, tree), [
          'add a',
          'add a/b',
          'add a/b/c',
          'modify d',
          'add d/e',
          'add f',
        ]);
      },
    },
    {
      id: 'same-directory',
      async run(attempt) {
        const same = { same: true };
        const silent = { etc: directory('directory', { x: whiteout('nothing') }, same) };
        attempt.equal(await tell(attempt, silent), []);
        const deep = { a: file('nothing'), motd: whiteout('file') };
        const tree = {
          etc: directory('directory', deep, same),
          usr: directory('directory', { lib: directory('directory', deep, same) }, same),
          var: directory('directory', {}),
        };
        attempt.equal(await tell(attempt, tree), [
          'modify etc',
          'add etc/a',
          'delete etc/motd',
          'modify usr',
          'modify usr/lib',
          'add usr/lib/a',
          'delete usr/lib/motd',
          'modify var',
        ]);
      },
    },
    {
      id: 'opaque',
      async run(attempt) {
        const opaque = { opaque: true };
        const tree = {
          a: directory('directory', { x: file('nothing') }, opaque),
          b: directory('directory', {}, { opaque: true, same: true }),
          c: directory('nothing', {}, opaque),
          d: directory('file', {}, opaque),
          e: directory('directory', {}),
        };
        attempt.equal(await tell(attempt, tree), [
          'modify a (opaque)',
          'add a/x',
          'modify b (opaque)',
          'add c',
          'modify d',
          'modify e',
        ]);
      },
    },
    {
      id: 'hard-links',
      async run(attempt) {
        const tree = {
          a: file('nothing', 7),
          b: file('file', 7),
          c: file('nothing', 8),
          dir: directory('nothing', { e: file('nothing', 7), f: file('nothing', 9) }),
          g: file('nothing', 9),
        };
        attempt.equal(await tell(attempt, tree), [
          'add a',
          'modify b = a',
          'add c',
          'add dir',
          'add dir/e = a',
          'add dir/f',
          'add g = dir/f',
        ]);
      },
    },
    {
      id: 'real-upper',
      needs: 'kernel',
      async run(attempt) {
        const script =
          'rm etc/motd; echo x > etc/new; ln etc/new srv/new; rm -r var/cache; mkdir var/cache';
        const told = await act(attempt, script);
        await treeOf(attempt, '/dev/shm/upper');
        attempt.equal(told, [
          'modify etc',
          'delete etc/motd',
          'add etc/new',
          'modify srv',
          'add srv/new = etc/new',
          'modify var',
          'modify var/cache (opaque)',
        ]);
      },
    },
    {
      id: 'copy-and-changes',
      needs: 'kernel',
      async run(attempt) {
        const script =
          'echo x >> etc/motd; rm -r var/cache; echo x > var/cache; mv lib lib64; rm lib64/one; mkdir lib64/one';
        const told = (await act(attempt, script)) as string[];
        attempt.steps.push(`→ ${told.join(', ')}`);
        const merged = await treeOf(attempt, '/dev/shm/merged');
        const copy = await treeOf(attempt, '/dev/shm/copy');
        attempt.equal(copy.join(', '), merged.join(', '), '/dev/shm/copy');
      },
    },
    {
      id: 'any-tree',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const tree = randomTree(3);
          await attempt.driveAgrees(words(tree), 'tell', tree);
        }
      },
    },
  ],
  async show(attempt) {
    const cache = directory('directory', { a: file('nothing') }, { opaque: true });
    await tell(attempt, {
      etc: directory('directory', { motd: whiteout('file'), new: file('nothing') }, { same: true }),
      var: directory('directory', { cache }, { same: true }),
    });
  },
};

function pick<T>(...list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

function randomTree(depth: number): Tree {
  const names = ['a', 'b', 'c', 'd'].filter(() => Math.random() < 0.6);
  return Object.fromEntries(names.map((name) => [name, randomEntry(depth)]));
}

function randomEntry(depth: number): MadeUp {
  const below = pick('nothing' as const, 'directory' as const, 'file' as const);
  const kind = depth === 0 ? 'file' : pick('file', 'whiteout', 'directory', 'directory');
  if (kind === 'file') return file(below, pick(undefined, 1, 2));
  if (kind === 'whiteout') return whiteout(below);
  const same = below === 'directory' && Math.random() < 0.6;
  return directory(below, randomTree(depth - 1), { same, opaque: Math.random() < 0.3 });
}
