/** Gives the learner's function entries of upper: made up, or of a real overlay. */
import { execFileSync } from 'node:child_process';
import { cpSync, linkSync, lstatSync, mkdirSync, rmSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import {
  HardLinks,
  mountOverlay,
  planOverlay,
  upperEntries,
  type Change,
  type UpperEntry,
} from 'coracle/overlayfs';
import { makeDirectory, setStage, STAGE } from '../stage.ts';

interface Learner {
  readonly upperChanges: (entries: Iterable<UpperEntry>, links: HardLinks) => Iterable<Change>;
}

/** An entry of upper as data. */
export interface MadeUp {
  readonly kind: UpperEntry['kind'];
  readonly below: UpperEntry['below'];
  readonly opaque?: boolean;
  readonly same?: boolean;
  /** Files with the same number are one. */
  readonly ino?: number;
  readonly entries?: Readonly<Record<string, MadeUp>>;
}

/** `modify etc`, `add a = b` for a link to b, `modify d (opaque)`. */
export function tell({ upperChanges }: Learner, tree: Readonly<Record<string, MadeUp>>): string[] {
  return Array.from(upperChanges(entriesOf('', tree), new HardLinks()), lineOf);
}

/** The changes themselves, with words in place of `stats`. */
export function tellWhole(
  { upperChanges }: Learner,
  tree: Readonly<Record<string, MadeUp>>,
): unknown[] {
  return Array.from(upperChanges(entriesOf('', tree), new HardLinks()), (change) =>
    change.stats === undefined ? change : { ...change, stats: `lstat(${ownerOf(change.stats)})` },
  );
}

function lineOf(change: Change): string {
  const { kind, path: at, linkTo } = change;
  const opaque = change.opaque === true ? '(opaque)' : '(opaque: false)';
  const parts = [
    kind,
    at,
    'opaque' in change ? opaque : '',
    linkTo === undefined ? '' : `= ${linkTo}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const owners = new WeakMap<BigIntStats, string>();

function ownerOf(stats: BigIntStats): string {
  return owners.get(stats) ?? '?';
}

function* entriesOf(
  directory: string,
  tree: Readonly<Record<string, MadeUp>>,
): Generator<UpperEntry> {
  for (const [name, made] of Object.entries(tree)) {
    const { kind, below, opaque = false, same = false, ino, entries = {} } = made;
    const at = path.posix.join(directory, name);
    const isDirectory = (): boolean => kind === 'directory';
    const link = { dev: 1n, ino: BigInt(ino ?? 0), nlink: ino === undefined ? 1n : 2n };
    const stats = { isDirectory, ...link } as BigIntStats;
    owners.set(stats, at);
    const own = { path: at, kind, source: `/upper/${at}`, stats, below, opaque };
    yield { ...own, isSameAsBelow: () => same, entries: () => entriesOf(at, entries) };
  }
}

/** Runs a script in a real overlay; returns what the learner's function says of its upper. */
export function act({ upperChanges }: Learner, script: string): string[] {
  setStage();
  const image = { 'etc/motd': 'hello', 'etc/passwd': 'root', 'srv/': '', 'var/cache/a': 'a' };
  const lower = makeDirectory('lower', { ...image, 'lib/one': '1', 'lib/deep/two': '2' });
  // Two changes in one tick of the kernel's clock would have the same time.
  execFileSync('find', ['.', '-exec', 'touch', '-h', '-d', '2001-02-03', '{}', '+'], {
    cwd: lower,
  });
  cpSync(lower, `${STAGE}/copy`, { recursive: true });
  const upper = makeDirectory('upper');
  const spec = { lower: [lower], upper, work: makeDirectory('work'), redirectDir: 'on' } as const;
  const merged = makeDirectory('merged');
  mountOverlay(planOverlay(spec), merged);
  execFileSync('sh', ['-ec', script], { cwd: merged });
  const changes = [...upperChanges(upperEntries({ upper, lower: [lower] }), new HardLinks())];
  for (const change of changes) apply(change, `${STAGE}/copy`);
  return changes.map(lineOf);
}

/** Does to a copy of the image what the change says. */
function apply({ kind, path: at, source = '', opaque, linkTo }: Change, root: string): void {
  const target = path.join(root, at);
  const isDirectory = kind !== 'delete' && lstatSync(source).isDirectory();
  const stays = lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isDirectory || !stays || opaque === true) rmSync(target, { recursive: true, force: true });
  if (kind === 'delete') return;
  mkdirSync(path.dirname(target), { recursive: true });
  if (isDirectory) mkdirSync(target, { recursive: true });
  else if (linkTo === undefined) cpSync(source, target);
  else linkSync(path.join(root, linkTo), target);
}
