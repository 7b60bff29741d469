/** What a config asks for and this host or call cannot give, said before anything is made. */
import type { RuntimeConfig } from '../oci/index.ts';
import { RuntimeError } from './errors.ts';
import { checkLabels } from './labels.ts';
import { checkNullDevice } from './prepare.ts';

/** @throws RuntimeError with the JSON pointer and what to do. */
export function checkHost(
  config: RuntimeConfig,
  options: { readonly consoleSocket?: string },
): void {
  checkTerminal(config, options.consoleSocket);
  checkLabels(config);
  if ((config.linux?.maskedPaths ?? []).length > 0) checkNullDevice();
  if (config.linux?.intelRdt !== undefined) {
    throw new RuntimeError(
      'INTEL_RDT',
      'intelRdt is specified in config.json /linux/intelRdt, but Intel RDT is not supported; remove the section',
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
