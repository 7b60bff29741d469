/**
 * Kernel modules of the network, without loading them: built in, loaded, or there to be loaded.
 *
 * A kernel that has no folder in /lib/modules has everything built in or not at all; then root tries
 * in a network namespace of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { find } from '../../packages.ts';
import { no, unknown, yesIf, YES, type Finding, type Probe } from './finding.ts';

export const networkProbes = {
  nftables: () => {
    if (find('nft') === undefined) return no('no nft; install the package nftables');
    return moduleOr('nf_tables', () => inNamespace('nft', 'add', 'table', 'inet', 'trial'));
  },
  veth: () => moduleOr('veth', () => addLink('veth')),
  bridge: () => moduleOr('bridge', () => addLink('bridge')),
} satisfies Record<string, Probe>;

function moduleOr(name: string, attempt: Probe): Finding {
  if (existsSync(`/sys/module/${name}`)) return YES;
  const folder = `/lib/modules/${release()}`;
  if (!existsSync(folder)) return attempt();
  const known = ['modules.builtin', 'modules.dep'].some((list) => lists(`${folder}/${list}`, name));
  return yesIf(known, `${folder} has no ${name}`);
}

function addLink(type: string): Finding {
  return inNamespace('ip', 'link', 'add', 'trial', 'type', type);
}

/** All that the command makes is gone with the namespace, as soon as it has ended. */
function inNamespace(...command: string[]): Finding {
  if (process.geteuid?.() !== 0)
    return unknown('no /lib/modules to look into, and only root can try it');
  const { status, stderr } = spawnSync('unshare', ['--net', ...command], { encoding: 'utf8' });
  return status === 0 ? YES : no(stderr.trim().split('\n')[0] ?? `${command.join(' ')} failed`);
}

/** Both lists have a line `kernel/drivers/net/veth.ko` for each module, perhaps compressed. */
function lists(file: string, name: string): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  return new RegExp(`/${name}\\.ko(\\.\\w+)?(:|$)`, 'm').test(text);
}
