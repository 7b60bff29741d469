/** What a config asks for and this host or call cannot give, said before anything is made. */
import { existsSync, readFileSync } from 'node:fs';
import type { RuntimeConfig } from '../oci/index.ts';
import { hasCode } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';
import { checkNullDevice } from './prepare.ts';

/** @throws RuntimeError with the JSON pointer and what to do. */
export function checkHost(
  config: RuntimeConfig,
  options: { readonly consoleSocket?: string },
): void {
  checkTerminal(config, options.consoleSocket);
  checkLabels(config);
  if ((config.linux?.maskedPaths ?? []).length > 0) checkNullDevice();
  if (config.linux?.intelRdt !== undefined && !existsSync('/sys/fs/resctrl/schemata')) {
    throw new RuntimeError(
      'INTEL_RDT',
      'intelRdt is specified in config.json /linux/intelRdt, but Intel RDT is not supported or enabled on this host; ' +
        'mount resctrl on a processor that has it, or remove the section',
    );
  }
}

function checkTerminal({ process }: RuntimeConfig, consoleSocket: string | undefined): void {
  if (process?.terminal === true && consoleSocket === undefined) {
    throw new RuntimeError(
      'TERMINAL',
      'cannot allocate tty if the runtime will detach without setting console socket; ' +
        'give --console-socket, or set /process/terminal to false',
    );
  }
  if (process?.terminal !== true && consoleSocket !== undefined) {
    throw new RuntimeError(
      'TERMINAL',
      'cannot use console socket if the runtime will not detach or allocate tty; ' +
        'set /process/terminal to true, or leave --console-socket out',
    );
  }
}

function checkLabels({ process, linux }: RuntimeConfig): void {
  const { apparmorProfile, selinuxLabel } = process ?? {};
  if (apparmorProfile !== undefined && apparmorProfile !== '' && !hasAppArmor()) {
    throw new RuntimeError(
      'APPARMOR',
      `/process/apparmorProfile is ${JSON.stringify(apparmorProfile)}, but apparmor is not enabled on this host; remove it`,
    );
  }
  checkSelinux('/process/selinuxLabel', selinuxLabel);
  checkSelinux('/linux/mountLabel', linux?.mountLabel);
}

function checkSelinux(pointer: string, label: string | undefined): void {
  if (label === undefined || label === '' || existsSync('/sys/fs/selinux/enforce')) return;
  throw new RuntimeError(
    'SELINUX',
    `selinux label is specified in config.json ${pointer}, but selinux is disabled or not supported on this host; remove it`,
  );
}

function hasAppArmor(): boolean {
  try {
    return readFileSync('/sys/module/apparmor/parameters/enabled', 'utf8').startsWith('Y');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES')) return false;
    throw error;
  }
}
