import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  convertLayer,
  directoryChanges,
  mountOverlay,
  overlayChanges,
  planOverlay,
  unmount,
  type Change,
  type OverlaySpec,
} from '../../src/overlayfs/index.ts';
import { lsetxattr } from '../../src/sys/index.ts';
import { hasAttributeWhiteouts } from './features.ts';
import { Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

const PASSWD = {
  'etc/passwd': 'root',
  'etc/motd': 'hello',
  'var/cache/a': 'a',
  'var/cache/b': 'b',
};

/** Mounts, runs a shell script in the merged directory, unmounts, and returns upper. */
function act(
  lower: readonly string[],
  script: string,
  options: Partial<OverlaySpec> = {},
): { upper: string; lower: readonly string[]; userxattr: boolean } {
  const upper = scratch.directory('c/upper');
  const merged = scratch.directory('merged');
  const spec = { lower, upper, work: scratch.directory('c/work'), ...options };
  for (const layer of lower) makeOld(layer);
  mountOverlay(planOverlay(spec), merged);
  try {
    sh(script, merged);
  } finally {
    unmount(merged);
  }
  return { upper, lower, userxattr: spec.userxattr ?? false };
}

/** Two changes in one tick of the kernel's clock would have the same time. */
function makeOld(directory: string): void {
  sh('find . -exec touch --no-dereference --date 2001-02-03 {} +', directory);
}

/** `modify etc`, `add a → link to b`, `modify d (opaque)`. */
function show(changes: Iterable<Change>): string[] {
  return [...changes].map(({ kind, path: at, opaque, linkTo }) => {
    const link = linkTo === undefined ? '' : ` = ${linkTo}`;
    return `${kind} ${at}${opaque === true ? ' (opaque)' : ''}${link}`;
  });
}

describe.each([{ userxattr: false }, { userxattr: true }])('changes of upper, %o', (options) => {
  const changesAfter = (
    script: string,
    files: Readonly<Record<string, string>> = PASSWD,
  ): string[] => show(overlayChanges(act([scratch.directory('l', files)], script, options)));

  it('nothing done is no change', () => {
    expect(changesAfter('cat etc/passwd; ls -R')).toEqual([]);
  });

  it('a new file: its directory has changed too', () => {
    expect(changesAfter('echo x > etc/new')).toEqual(['modify etc', 'add etc/new']);
  });

  it('a changed file: its directory is told, though it is the same', () => {
    expect(changesAfter('echo x >> etc/passwd')).toEqual(['modify etc', 'modify etc/passwd']);
  });

  it('new attributes alone are a change, of files and directories', () => {
    expect(changesAfter('chmod 600 etc/motd; chown 7:8 var/cache')).toEqual([
      'modify etc',
      'modify etc/motd',
      'modify var',
      'modify var/cache',
    ]);
  });

  it('a deleted file and a deleted directory', () => {
    expect(changesAfter('rm etc/motd; rm -r var')).toEqual([
      'modify etc',
      'delete etc/motd',
      'delete var',
    ]);
  });

  it('what was made and deleted again leaves only the time of its directory', () => {
    expect(changesAfter('echo x > etc/new; rm etc/new')).toEqual(['modify etc']);
  });

  it('a directory made anew hides the old one', () => {
    expect(changesAfter('rm -r var/cache; mkdir var/cache; echo a > var/cache/a')).toEqual([
      'modify var',
      'modify var/cache (opaque)',
      'add var/cache/a',
    ]);
  });

  it('a file in place of a directory, and a directory in place of a file', () => {
    const script = 'rm -r var/cache; echo x > var/cache; rm etc/motd; mkdir -p etc/motd/sub';
    expect(changesAfter(script)).toEqual([
      'modify etc',
      'modify etc/motd',
      'add etc/motd/sub',
      'modify var',
      'modify var/cache',
    ]);
  });

  it('hard links point to the first name', () => {
    expect(changesAfter('echo x > etc/z; ln etc/z etc/a; ln etc/z var/y')).toEqual([
      'modify etc',
      'add etc/a',
      'add etc/z = etc/a',
      'modify var',
      'add var/y = etc/a',
    ]);
  });

  it('a hard link to a file of the lower layer carries the file itself', () => {
    expect(changesAfter('ln etc/passwd etc/link')).toEqual([
      'modify etc',
      'add etc/link',
      'modify etc/passwd = etc/link',
    ]);
  });

  it('a renamed file is a deletion and an addition', () => {
    expect(changesAfter('mv etc/motd etc/issue')).toEqual([
      'modify etc',
      'add etc/issue',
      'delete etc/motd',
    ]);
  });

  it('a device is no whiteout', () => {
    expect(changesAfter('mknod etc/null c 1 3; mkfifo etc/pipe')).toEqual([
      'modify etc',
      'add etc/null',
      'add etc/pipe',
    ]);
  });

  it('names of any bytes', () => {
    const bad = String.raw`$(printf 'b\377d')`;
    expect(changesAfter(`echo x > "${bad}"; mkdir 'ü\\,:'`)).toEqual([
      'add b\uDCFFd',
      String.raw`add ü\,:`,
    ]);
  });
});

describe('several lower layers', () => {
  it('count as the one image that they show', () => {
    const bottom = scratch.directory('bottom', { 'd/old': '', 'd/kept': '', gone: '', 'o/x': '' });
    const middle = scratch.directory('middle', { 'd/new': '', 'd/.wh.old': '', '.wh.gone': '' });
    scratch.directory('middle/o', { '.wh..wh..opq': '' });
    convertLayer(middle);
    const layers = act([middle, bottom], 'touch gone d/old o/x; rm d/new d/kept');
    expect(show(overlayChanges(layers))).toEqual([
      'modify d',
      'delete d/kept',
      'delete d/new',
      'add d/old',
      'add gone',
      'modify o',
      'add o/x',
    ]);
  });
});

describe('renamed directories, redirect_dir=on', () => {
  const redirect = { redirectDir: 'on' } as const;

  it('are the old name deleted and everything added under the new one', () => {
    const lower = scratch.directory('l', { 'a/d/one': '1', 'a/d/sub/two': '2', 'b/': '' });
    const layers = act([lower], 'mv a/d a/renamed; echo 3 > a/renamed/sub/three', redirect);
    expect(show(overlayChanges(layers))).toEqual([
      'modify a',
      'delete a/d',
      'add a/renamed',
      'add a/renamed/one',
      'add a/renamed/sub',
      'add a/renamed/sub/three',
      'add a/renamed/sub/two',
    ]);
    const one = [...overlayChanges(layers)].find(({ path: at }) => at === 'a/renamed/one');
    expect(one?.source).toBe(path.join(lower, 'a/d/one'));
  });

  it('into another directory, with a file deleted and one replaced on the way', () => {
    const lower = scratch.directory('l', { 'a/d/one': '1', 'a/d/two': '2', 'b/': '' });
    const layers = act([lower], 'mv a/d b/d; rm b/d/one; echo x > b/d/two', redirect);
    expect(show(overlayChanges(layers))).toEqual([
      'modify a',
      'delete a/d',
      'modify b',
      'add b/d',
      'add b/d/two',
    ]);
  });

  it('over the name of another directory hide that one', () => {
    const lower = scratch.directory('l', { 'd/one': '1', 'e/two': '2' });
    const layers = act([lower], 'rm -r e; mv d e', redirect);
    expect(show(overlayChanges(layers))).toEqual(['delete d', 'modify e (opaque)', 'add e/one']);
  });

  it('in a lower layer are followed too', () => {
    const bottom = scratch.directory('bottom', { 'a/d/one': '1', 'b/': '' });
    const { upper: middle } = act([bottom], 'mv a/d b/d', redirect);
    sh('mv upper middle; rm -rf work', path.dirname(middle));
    const layers = [path.join(path.dirname(middle), 'middle'), bottom];
    expect(show(overlayChanges(act(layers, 'rm b/d/one')))).toEqual([
      'modify b',
      'modify b/d',
      'delete b/d/one',
    ]);
  });

  it('a mark that leads out of the layer is refused', () => {
    const upper = scratch.directory('u', { 'd/': '' });
    lsetxattr(path.join(upper, 'd'), 'trusted.overlay.redirect', '/../../etc');
    const layers = { upper, lower: [scratch.directory('l')] };
    expect(() => [...overlayChanges(layers)]).toThrow(/damaged or hostile/);
  });

  it('a symlink on the way of a mark is not followed', () => {
    const upper = scratch.directory('u', { 'd/': '' });
    const lower = scratch.directory('l');
    sh('ln -s /etc link', lower);
    lsetxattr(path.join(upper, 'd'), 'trusted.overlay.redirect', '/link/ssl');
    expect(show(overlayChanges({ upper, lower: [lower] }))).toEqual(['add d']);
  });
});

describe('whiteouts as attributes', () => {
  function layers(): { top: string; bottom: string } {
    const bottom = scratch.directory('bottom', { 'd/a': '', 'e/a': '' });
    const top = scratch.directory('top', { 'd/a': '', 'e/a': '' });
    for (const file of ['d/a', 'e/a']) {
      lsetxattr(path.join(top, file), 'trusted.overlay.whiteout', 'y');
    }
    lsetxattr(path.join(top, 'd'), 'trusted.overlay.opaque', 'x');
    makeOld(bottom);
    // The kernel looks for them where the layer's root says so too.
    lsetxattr(top, 'trusted.overlay.opaque', 'x');
    return { top, bottom };
  }

  it('hide only in a directory that says so', () => {
    const { top, bottom } = layers();
    expect(show(overlayChanges({ upper: top, lower: [bottom] }))).toEqual([
      'modify d',
      'delete d/a',
      'modify e',
      'modify e/a',
    ]);
  });

  it.runIf(hasAttributeWhiteouts)('are read as the kernel reads them', () => {
    const { top, bottom } = layers();
    const merged = scratch.directory('merged');
    mountOverlay(planOverlay({ lower: [top, bottom] }), merged);
    expect(sh('ls d e', merged)).toBe('d:\n\ne:\na');
  });
});

describe('metacopy', () => {
  it('off is what is mounted, so that a changed owner brings the contents along', () => {
    const lower = scratch.directory('l', { file: 'contents' });
    const { upper } = act([lower], 'chown 7 file');
    expect(sh('cat file', upper)).toBe('contents');
  });

  it('on leaves files that cannot be told as changes', () => {
    const layers = act([scratch.directory('l', { file: 'x' })], 'chown 7 file', { metacopy: 'on' });
    expect(() => [...overlayChanges(layers)]).toThrow(/file has only its attributes in upper/);
  });
});

describe('changes of a whole copy', () => {
  it('are found by comparing', () => {
    const before = scratch.directory('before', PASSWD);
    makeOld(before);
    sh('cp -a before after', scratch.root);
    const after = path.join(scratch.root, 'after');
    sh(
      'echo longer >> etc/passwd; rm etc/motd; rm -r var/cache; ln -s x var/cache; ln etc/passwd z',
      after,
    );
    expect(show(directoryChanges(before, after))).toEqual([
      'modify etc',
      'delete etc/motd',
      'modify etc/passwd',
      'modify var',
      'modify var/cache',
      'add z = etc/passwd',
    ]);
  });

  it('of nothing are everything', () => {
    const after = scratch.directory('after', { 'd/f': '' });
    expect(show(directoryChanges(undefined, after))).toEqual(['add d', 'add d/f']);
  });
});
