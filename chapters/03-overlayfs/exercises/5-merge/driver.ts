/** Gives the learner's function layers to look into, and tells what it found and asked. */
import { lstatSync, readdirSync } from 'node:fs';
import { lgetxattr, lsetxattr, mknodat, S_IFCHR } from 'coracle/sys';
import { mountOverlay, planOverlay, type LayerEntry } from 'coracle/overlayfs';
import { makeDirectory, setStage, STAGE } from '../stage.ts';

interface Learner {
  readonly mergeName: <Entry extends LayerEntry>(
    name: string,
    layers: number,
    look: (layer: number, name: string) => Entry | undefined,
  ) => Entry[];
}

interface Input {
  readonly name: string;
  /** What each layer has, by name. */
  readonly layers: readonly Readonly<Record<string, LayerEntry>>[];
}

/** `found`: numbers of the layers; `asked`: `0 etc`, a layer and a name. */
export function merge({ mergeName }: Learner, { name, layers }: Input): unknown {
  const asked: string[] = [];
  const found = mergeName(name, layers.length, (layer, wanted) => {
    asked.push(`${layer} ${wanted}`);
    const entry = layers[layer]?.[wanted];
    return entry === undefined ? undefined : { ...entry, layer };
  });
  return { found: found.map(({ layer }) => layer), asked };
}

/** Three layers on disk, mounted; what the learner's function shows of them without the mount. */
export function mountThree({ mergeName }: Learner): string[] {
  setStage();
  const layers = [makeTop(), makeMiddle(), makeBottom()];
  mountOverlay(planOverlay({ lower: layers }), makeDirectory('merged'));
  return shown(mergeName, '', layers);
}

function makeTop(): string {
  const top = makeDirectory('top', {
    'dir/new': '3',
    cover: '3',
    'hidden/again': '3',
    'wall/over': '3',
  });
  mknodat(`${top}/gone`, S_IFCHR, 0);
  return top;
}

function makeMiddle(): string {
  const files = { 'dir/old': '2', 'cover/inside': '2', gone: '2', 'hidden/': '', wall: '2' };
  const middle = makeDirectory('middle', { ...files, 'back/': '' });
  lsetxattr(`${middle}/hidden`, 'trusted.overlay.opaque', 'y');
  mknodat(`${middle}/dir/lost`, S_IFCHR, 0);
  return middle;
}

function makeBottom(): string {
  return makeDirectory('bottom', {
    'dir/old': '1',
    'dir/lost': '1',
    'dir/kept': '1',
    'hidden/below': '1',
    'wall/inside': '1',
    'back/there': '1',
  });
}

/** Everything below a directory that is merged from these: `dir/` and `dir/file`. */
function shown(mergeName: Learner['mergeName'], at: string, places: readonly string[]): string[] {
  const names = new Set(places.flatMap((place) => readdirSync(place)));
  return [...names].toSorted().flatMap((name) => {
    const found = mergeName(name, places.length, (layer, wanted) =>
      read(`${places[layer] ?? STAGE}/${wanted}`),
    );
    const [top] = found;
    if (top === undefined) return [];
    if (top.kind !== 'directory') return [`${at}${name}`];
    const inside = shown(
      mergeName,
      `${at}${name}/`,
      found.map(({ place }) => place),
    );
    return [`${at}${name}/`, ...inside];
  });
}

function read(place: string): (LayerEntry & { place: string }) | undefined {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isCharacterDevice() && stats.rdev === 0) return { kind: 'whiteout', place };
  if (!stats.isDirectory()) return { kind: 'file', place };
  const opaque = lgetxattr(place, 'trusted.overlay.opaque')?.toString() === 'y';
  return { kind: 'directory', opaque, place };
}
