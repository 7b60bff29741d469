import { describe, expect, test } from 'vitest';
import { SyscallProgram, type Architecture } from '../../../src/sys/index.ts';
import { runExecutable, whyNot } from './run.ts';
import { FLOW } from './flow.ts';
import { VALUES } from './values.ts';

describe.each<Architecture>(['x64', 'arm64'])('the loop of %s', (arch) => {
  const reason = whyNot(arch);

  test.skipIf(reason !== undefined).each([...FLOW, ...VALUES])(
    `$name${reason ? ` (${reason})` : ''}`,
    (scenario) => {
      const program = new SyscallProgram();
      scenario.build(program, arch);
      const outcome = runExecutable(program, arch);
      const { output = '', failure, exitCode = failure === undefined ? 0 : 127 } = scenario;
      expect({ ...outcome, output: outcome.output.toString('latin1') }).toEqual({
        exitCode,
        output,
        ...(failure !== undefined && { failure }),
      });
    },
  );
});
