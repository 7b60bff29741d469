/** What a user without root has: namespaces, and ids beside its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { find } from '../../packages.ts';
import { no, yesIf, YES, type Finding, type Probe } from './finding.ts';
import { tryCalls } from './trial.ts';

export const userProbes = {
  'user namespaces': userNamespaces,
  'subordinate ids': subordinateIds,
} satisfies Record<string, Probe>;

/** The settings first: they name the remedy, where the trial would only fail. */
function userNamespaces(): Finding {
  if (!existsSync('/proc/self/ns/user')) return no('a kernel without CONFIG_USER_NS');
  if (setting('user/max_user_namespaces') === '0') return no('user.max_user_namespaces is 0');
  if (setting('kernel/unprivileged_userns_clone') === '0') {
    return no('kernel.unprivileged_userns_clone is 0, so only root has them');
  }
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return no('kernel.apparmor_restrict_unprivileged_userns is 1: in them a user has no rights');
  }
  const finding = tryCalls(() => {}, { user: true });
  return finding.answer === 'yes' ? YES : no(finding.why ?? '');
}

/** Root needs no helper, and no range of its own. */
function subordinateIds(): Finding {
  for (const helper of ['newuidmap', 'newgidmap']) {
    if (find(helper) === undefined) return no(`no ${helper}; install the package uidmap`);
  }
  if (process.geteuid?.() === 0) return YES;
  const missing = (['uid', 'gid'] as const).filter((kind) => rangesOf(kind).length === 0);
  return yesIf(
    missing.length === 0,
    `no range in ${missing.map((kind) => `/etc/sub${kind}`).join(', ')}`,
  );
}

/** The caller's ranges, as `first:count` (subuid(5)): by getsubids(1), which also asks the network. */
export function rangesOf(kind: 'uid' | 'gid'): string[] {
  const { username, uid } = userInfo();
  const args = kind === 'gid' ? ['-g', username] : [username];
  const { status, stdout } = spawnSync('getsubids', args, { encoding: 'utf8' });
  if (status === 0) return stdout.trim().split('\n').map(rangeOfGetsubids);
  const lines = readSubIds(`/etc/sub${kind}`).filter(
    ([owner]) => owner === username || owner === String(uid),
  );
  return lines.map(([, first, count]) => `${first ?? '?'}:${count ?? '?'}`);
}

/** `0: vagrant 100000 65536` */
function rangeOfGetsubids(line: string): string {
  const [, , first = '?', count = '?'] = line.split(/\s+/);
  return `${first}:${count}`;
}

function readSubIds(file: string): string[][] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}

function setting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
