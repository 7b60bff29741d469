/**
 * What keeps code from answering at all, and so is no wrong answer: it has a cause of its own, and
 * what the exercise says about the check does not fit it.
 *
 *     load      the file could not be loaded
 *     function  it has no such function
 *     thrown    the code threw an error that is none of lib's
 *     shape     the answer is not of the type that the function declares
 *     ended     the process is gone
 *     time      there was no answer in time
 *     output    it printed too much
 */
import { LoadError, MEMORY_MIB, type LearnerError, type NoAnswer } from './learner/process.ts';
import { NO_FUNCTION } from './learner/protocol.ts';
import { words } from './words.ts';

type TroubleKind = 'load' | 'function' | 'thrown' | 'shape' | 'ended' | 'time' | 'output';

export interface Trouble {
  readonly kind: TroubleKind;
  /** What it comes from and what to do, for the learner. */
  readonly cause: string;
  /** Earlier checks have passed, so the check's own cause may be behind it. */
  readonly mayBeTheCheck: boolean;
}

/** Trouble of a file that no check can be run on. */
export function isBeforeChecks({ kind }: Pick<Trouble, 'kind'>): boolean {
  return kind === 'load' || kind === 'function';
}

/** Nothing, where the error says as much as an answer does. */
export function troubleOf(error: LearnerError): Omit<Trouble, 'mayBeTheCheck'> | undefined {
  const { code, name, message, isOurs, at } = error.thrown;
  const [place] = at;
  if (error instanceof LoadError) return { kind: 'load', cause: loadCause(message, place) };
  if (code === NO_FUNCTION) {
    return { kind: 'function', cause: words('cause.function', { name: message }) };
  }
  if (isOurs) return undefined;
  if (name === '') return { kind: 'thrown', cause: words('cause.thrown-value') };
  if (place !== undefined) return { kind: 'thrown', cause: words('cause.thrown', { place }) };
  // Whoever took the answer apart has met something else.
  return name === 'TypeError' ? SHAPE_TROUBLE : undefined;
}

export const SHAPE_TROUBLE = { kind: 'shape', cause: words('cause.shape') } as const;

export function noAnswerTrouble({ why }: NoAnswer): Omit<Trouble, 'mayBeTheCheck'> {
  switch (why) {
    case 'time':
      return { kind: 'time', cause: words('cause.time') };
    case 'output':
      return { kind: 'output', cause: words('cause.output') };
    case 'end':
      return { kind: 'ended', cause: words('cause.ended', { mib: MEMORY_MIB }) };
  }
}

function loadCause(message: string, place: string | undefined): string {
  const cause =
    place === undefined ? words('cause.load') : words('cause.load-at', { place: lineOf(place) });
  const more = importCause(message);
  return more === undefined ? cause : `${cause}\n${more}`;
}

/** Why a name may not be there to be imported, if that is what Node says. */
export function importCause(message: string): string | undefined {
  const [, name] = /does not provide an export named '(\w+)'/.exec(message) ?? [];
  return name === undefined ? undefined : words('cause.import-type', { name });
}

/** `plan.ts:7:3` → `plan.ts:7`: for what cannot be parsed there is no column. */
function lineOf(place: string): string {
  return place.split(':').slice(0, 2).join(':');
}
