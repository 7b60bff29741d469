/**
 * The labels of the host's security modules: AppArmor's profile and SELinux' context.
 *
 * What can be known before anything is made is checked here. The kernel has the last word when the
 * program asks for the label (program/labels.ts), and {@link explainProfile} puts it into words.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Process, RuntimeConfig } from '../oci/index.ts';
import { hasCode } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';

/** JSON pointer of the profile in a config. */
export const PROFILE = '/process/apparmorProfile';

/** @throws RuntimeError for a label that this host cannot give. */
export function checkLabels({ process, linux }: Pick<RuntimeConfig, 'process' | 'linux'>): void {
  checkProfile(process?.apparmorProfile);
  checkSelinux('/process/selinuxLabel', process?.selinuxLabel);
  checkSelinux('/linux/mountLabel', linux?.mountLabel);
}

/** A further process has the labels of its container, unless it brings its own. */
export function withLabelsOf(own: Process | undefined, process: Process): Process {
  const apparmorProfile = unlessEmpty(process.apparmorProfile) ?? own?.apparmorProfile;
  const selinuxLabel = unlessEmpty(process.selinuxLabel) ?? own?.selinuxLabel;
  return {
    ...process,
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinuxLabel !== undefined && { selinuxLabel }),
  };
}

function unlessEmpty(label: string | undefined): string | undefined {
  return label === '' ? undefined : label;
}

/** What a refused change of profile means and what to do, by the errno's name. Pure. */
export function explainProfile(profile: string, errno: string): string {
  const named = `apparmor profile ${JSON.stringify(profile)}`;
  switch (errno) {
    case 'ENOENT':
      return (
        `${named} is not loaded on this host: load it with apparmor_parser -r FILE, where FILE is the one ` +
        'that defines it (often below /etc/apparmor.d), or name another'
      );
    case 'EACCES':
    case 'EPERM':
      return (
        `${named} cannot be changed to: the runtime is itself confined by a profile that does not allow it; ` +
        'give that profile a rule change_profile, or start the runtime unconfined'
      );
    default:
      return `${named} is not taken by the kernel (${errno}); see that the name is spelled right`;
  }
}

/** The names in the text of securityfs' `apparmor/profiles`, one a line: `NAME (MODE)`. Pure. */
export function profileNames(text: string): Set<string> {
  const names = text.split('\n').map((line) => line.replace(/ \([a-z]+\)$/, ''));
  return new Set(names.filter((name) => name !== ''));
}

function checkProfile(profile = ''): void {
  if (profile === '') return;
  if (!hasAppArmor()) {
    throw new RuntimeError(
      'APPARMOR',
      `${PROFILE} is ${JSON.stringify(profile)}, but apparmor is not enabled on this host; remove it`,
    );
  }
  if (isListed(profile) && loadedProfiles()?.has(profile) === false) {
    throw new RuntimeError('APPARMOR', `${PROFILE}: ${explainProfile(profile, 'ENOENT')}`);
  }
}

/** Not in the list: the absence of a profile, those of other policy namespaces, and stacks of them. */
function isListed(profile: string): boolean {
  return profile !== 'unconfined' && !profile.startsWith(':') && !profile.includes('//&');
}

/** `undefined` where the list is not to be had: only root may read it, where securityfs is mounted. */
function loadedProfiles(): Set<string> | undefined {
  try {
    return profileNames(readFileSync('/sys/kernel/security/apparmor/profiles', 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

function hasAppArmor(): boolean {
  try {
    return readFileSync('/sys/module/apparmor/parameters/enabled', 'utf8').startsWith('Y');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES')) return false;
    throw error;
  }
}

function checkSelinux(pointer: string, label = ''): void {
  if (label === '' || existsSync('/sys/fs/selinux/enforce')) return;
  throw new RuntimeError(
    'SELINUX',
    `selinux label is specified in config.json ${pointer}, but selinux is disabled or not supported on this host; remove it`,
  );
}
