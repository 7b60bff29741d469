/** `watch` on a terminal: single keys, and the terminal as it was at the end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solutionOf } from '../../grader/source/learner-copy.ts';
import { partsOf, type Part } from '../../grader/source/parts.ts';
import { Checkout } from './checkout.ts';

const plan = partOf('01.1');
const TODO = "throw new Todo('01.1', 'planNamespaces');";

function partOf(id: string): Part {
  const found = partsOf('01-namespaces').find((part) => part.id === id);
  if (found === undefined) throw new Error(`exercise ${id} is gone`);
  return found;
}

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  checkout.workbook('start', '01');
}, 60_000);
afterAll(() => checkout[Symbol.dispose]());

/** script(1) gives the command a terminal of its own, and passes what we type. */
function onTerminal(...args: string[]): { child: ReturnType<typeof spawn>; screen: () => string } {
  const main = path.join(checkout.folder, 'chapters/12-engine/workbook/main.ts');
  const command = [process.execPath, main, ...args].join(' ');
  const child = spawn('script', ['-qec', `${command}; stty -a`, '/dev/null'], {
    env: { ...process.env, CORACLE_LANG: 'en' },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  return { child, screen: () => text };
}

describe.skipIf(process.platform !== 'linux')('watch on a terminal', { timeout: 60_000 }, () => {
  it('takes keys: hint, next, list, run, quit', async () => {
    const { child, screen } = onTerminal('watch', '01');
    const shows = (text: string): Promise<void> =>
      expect.poll(screen, { timeout: 20_000 }).toContain(text);
    await shows('h hint   n next exercise   l list   r run again   q quit');
    child.stdin?.write('h');
    await shows('Hint 1 of 4');
    child.stdin?.write('n');
    await shows('mine/join.ts');
    child.stdin?.write('l');
    await shows('of 85 points');
    child.stdin?.write('q');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    // Lines are edited and echoed again, as a shell's terminal has it.
    expect(screen()).toMatch(/ icanon .* echo /s);
  });

  it('shows how far it is, and begins again when the file was saved meanwhile', async () => {
    const { child, screen } = onTerminal('watch', '01');
    const file = 'chapters/01-namespaces/mine/plan.ts';
    const begins = (): number => screen().split('01.1  1/9').length - 1;
    await expect.poll(screen, { timeout: 20_000 }).toContain('q quit');
    const before = begins();
    checkout.edit(file, TODO, 'for (;;);');
    await expect.poll(begins, { timeout: 20_000 }).toBeGreaterThan(before);
    checkout.write(file, solutionOf(plan));
    await expect.poll(screen, { timeout: 30_000 }).toContain(`${file} was saved meanwhile`);
    await expect.poll(screen, { timeout: 30_000 }).toContain('Sort the list: all checks passed.');
    expect(screen()).not.toContain('The first that fails');
    child.stdin?.write('q');
    await once(child, 'exit');
  });

  it('ends at Ctrl-C', async () => {
    const { child, screen } = onTerminal('watch', '01');
    await expect.poll(screen, { timeout: 20_000 }).toContain('q quit');
    child.stdin?.write('\u0003');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });
});
