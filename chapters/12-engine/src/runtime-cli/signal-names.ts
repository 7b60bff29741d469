/** Signals by name (signal(7)). */
import { constants } from 'node:os';
import { CoracleError } from 'coracle/base';

/** glibc keeps the first two real-time signals of the kernel's for its threads. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/**
 * The number of `KILL`, `SIGKILL`, `kill`, `9`, `RTMIN+3` or `SIGRTMAX-1`.
 *
 * @throws CoracleError for anything else.
 */
export function parseSignal(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= SIGRTMAX) return Number(text);
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  const number = realTime(name) ?? named(name);
  if (number !== undefined) return number;
  throw new CoracleError(
    'SIGNAL',
    `unknown signal ${JSON.stringify(text)}; give a name of signal(7) such as TERM, or a number up to ${SIGRTMAX}`,
  );
}

function named(name: string): number | undefined {
  const table: Readonly<Record<string, number>> = constants.signals;
  return Object.hasOwn(table, name) ? table[name] : ALIASES[name];
}

/** Names that Node's table lacks. */
const ALIASES: Readonly<Partial<Record<string, number>>> = { SIGCLD: 17 };

function realTime(name: string): number | undefined {
  const match = /^SIGRTM(?:IN(?:\+(\d+))?|AX(?:-(\d+))?)$/.exec(name);
  if (match === null) return undefined;
  const [, up, down] = match;
  const number = name.startsWith('SIGRTMIN')
    ? SIGRTMIN + Number(up ?? 0)
    : SIGRTMAX - Number(down ?? 0);
  return number >= SIGRTMIN && number <= SIGRTMAX ? number : undefined;
}
