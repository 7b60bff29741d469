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

describe('pages of an arm64 kernel', () => {
  const reason = whyNot('arm64', true);

  test.skipIf(reason !== undefined).each([4096, 16_384, 65_536])(
    `of %i bytes hold either code or data${reason ? ` (${reason})` : ''}`,
    (pageSize) => {
      const program = new SyscallProgram();
      program.call('exit_group', [program.call('write', [1, 'four', 4])]);
      const { exitCode, output } = runExecutable(program, 'arm64', pageSize);
      expect({ exitCode, output: output.toString() }).toEqual({ exitCode: 4, output: 'four' });
    },
  );
});
