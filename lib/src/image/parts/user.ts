/** Exercise 05.7: who a container runs as. */
import type { ContainerUser } from '../bundle/process-plan.ts';
import { ImageError } from '../errors.ts';

/** The largest id that is the same number for everybody, signed or not. */
const LARGEST_ID = 2_147_483_647;

// #region exercise-05-7
/**
 * Looks a user up in the image's own files. Pure. OCI image-spec, config.md, "User"; passwd(5),
 * group(5).
 *
 * @param user `USER` or `USER:GROUP`, each a name or a number. An empty USER is root, 0, and an empty
 *   GROUP is none. A text with a second colon names nobody: it is refused like an unknown user. What
 *   consists of digits is a number and never looked up as a name. It must be at most `LARGEST_ID`: a
 *   larger one is negative somewhere, and 4294967296 would be root (CVE-2024-40635).
 * @param passwd text of the image's /etc/passwd: lines of `name:password:uid:gid:…`.
 * @param group text of its /etc/group: lines of `name:password:gid:member,member,…`. A line without
 *   the last field is one of a group without members.
 *
 * - A user's name must be in passwd. A number need not: then its group is 0.
 * - With `GROUP` that is the group, and there are no additional ones. A name must be in group; a
 *   number need not.
 * - Without it, the group is the one in passwd, and the additional ones are all that list the
 *   user's name as a member, in the order of the file, each once. A number gets them too, if passwd
 *   has a name for it.
 *
 * `entries` takes a file apart. The first line that fits counts. A line whose ids are no
 * numbers from 0 to LARGEST_ID is passed over: it is as if it were not there.
 *
 * @throws ImageError INVALID_ARGUMENT for a number out of range (`tooLarge`) or a name that is in
 *   no file (`unknown`).
 */
export function resolveUser(user: string, passwd: string, group: string): ContainerUser {
  const [name = '', groupName = '', ...more] = user.split(':');
  if (more.length > 0) throw unknown('user', user, '/etc/passwd');
  const entry = findUser(name === '' ? '0' : name, entries(passwd, 4));
  const groups = entries(group, 3);
  if (groupName !== '') {
    return { uid: entry.uid, gid: findGroup(groupName, groups), additionalGids: [] };
  }
  const member = groups.filter(([, , , members = '']) =>
    entry.name === undefined ? false : members.split(',').includes(entry.name),
  );
  const gids = member.map(([, , gid]) => idOf(gid)).filter((gid) => gid !== undefined);
  return { uid: entry.uid, gid: entry.gid, additionalGids: [...new Set(gids)] };
}

interface UserEntry {
  /** `undefined` for a number that passwd does not have. */
  readonly name: string | undefined;
  readonly uid: number;
  readonly gid: number;
}

function findUser(user: string, passwd: readonly string[][]): UserEntry {
  const wanted = numberOf(user, 'user');
  for (const [name, , uidText, gidText] of passwd) {
    const [uid, gid] = [idOf(uidText), idOf(gidText)];
    if (uid === undefined || gid === undefined) continue;
    if (wanted === undefined ? name === user : uid === wanted) return { name, uid, gid };
  }
  if (wanted !== undefined) return { name: undefined, uid: wanted, gid: 0 };
  throw unknown('user', user, '/etc/passwd');
}

function findGroup(group: string, groups: readonly string[][]): number {
  const wanted = numberOf(group, 'group');
  if (wanted !== undefined) return wanted;
  const found = groups.find(([name, , gid]) => name === group && idOf(gid) !== undefined);
  const gid = idOf(found?.[2]);
  if (gid !== undefined) return gid;
  throw unknown('group', group, '/etc/group');
}

/** The number that is meant, or `undefined` for a name. */
function numberOf(text: string, what: 'user' | 'group'): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const id = idOf(text);
  if (id !== undefined) return id;
  throw tooLarge(what, text);
}

function idOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined;
  const id = Number(text);
  return id <= LARGEST_ID ? id : undefined;
}
// #endregion exercise-05-7

/** The fields of each line that has at least `least` of them; comments are left out. */
function entries(file: string, least: number): string[][] {
  const lines = file.split('\n').map((line) => line.trim());
  const entered = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(':'));
  return entered.filter((fields) => fields.length >= least);
}

function tooLarge(what: 'user' | 'group', text: string): ImageError {
  return new ImageError(
    'INVALID_ARGUMENT',
    `the ${what} ${text.slice(0, 40)} is too large: choose a number from 0 to ${LARGEST_ID}`,
  );
}

function unknown(what: 'user' | 'group', name: string, file: string): ImageError {
  return new ImageError(
    'INVALID_ARGUMENT',
    `the image has no ${what} ${JSON.stringify(name.slice(0, 80))} in its ${file}: ` +
      'use one that it has, or a number',
  );
}
