import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  hasCode,
  kill,
  reap,
  SIGKILL,
  SIGTERM,
  waitForExit,
  type ProgramProcess,
} from '../../../src/sys/index.ts';
import { appendWait, start } from '../spawn/child.ts';

function waiting(): ProgramProcess {
  const child = start(appendWait);
  child.receive();
  return child;
}

test('a child is collected once it has ended, and only once', () => {
  using child = waiting();
  expect(reap(child.pid)).toBeUndefined();
  kill(child.pid, 0);
  kill(child.pid, SIGKILL);
  expect(waitForExit(child.pid)).toEqual({ signal: SIGKILL });
  for (const again of [reap, waitForExit]) {
    expect(() => again(child.pid)).toThrow(/^wait4\(.*\): no child processes \(ECHILD\)$/);
  }
});

test('a signal to nobody is ESRCH', () => {
  using child = waiting();
  kill(child.pid, SIGKILL);
  child.wait();
  let thrown: unknown;
  try {
    kill(child.pid, SIGTERM);
  } catch (error) {
    thrown = error;
  }
  expect(hasCode(thrown, 'ESRCH')).toBe(true);
});

const SUBREAPER = `
  import { becomeSubreaper, waitForExit } from ${JSON.stringify(new URL('../../../src/sys/index.ts', import.meta.url).href)};
  import { execFileSync } from 'node:child_process';
  becomeSubreaper();
  const pid = Number(execFileSync('sh', ['-c', '(sleep 0.1; exit 5) >/dev/null & echo $!']));
  console.log(JSON.stringify(waitForExit(pid)));
`;

test('orphans of a subreaper become its children', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', SUBREAPER], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({ code: 5 });
});
