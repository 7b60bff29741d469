/** One thing wrong with a config, and the list that rules add to. */
import { sectionOf } from './section.ts';

/** Says what is wrong, where, what would be right, and what to do. */
export interface ValidationError {
  /** JSON pointer (RFC 6901) into the document; '' is the whole. */
  pointer: string;
  /** What is there, as JSON, shortened; `nothing` when it is missing. */
  found: string;
  /** What may be there, as the end of "it must be …". */
  allowed: string;
  /** One sentence: what to do next. */
  next: string;
  /** Where the specification or a man page says so. */
  section: string;
}

/** The outcome of a validation. Errors forbid the container, warnings do not. */
export interface Validation {
  errors: ValidationError[];
  warnings: ValidationError[];
}

/** What a rule tells: `found` is any value, `undefined` for one that is missing. */
export type Tell = (pointer: string, found: unknown, allowed: string, next: string) => void;

/** Where rules put what they find. */
export interface Report {
  error: Tell;
  warn: Tell;
}

/** A report that collects into `validation`. */
export function reportInto(validation: Validation): Report {
  const into =
    (list: ValidationError[]): Tell =>
    (pointer, found, allowed, next) => {
      list.push({ pointer, found: show(found), allowed, next, section: sectionOf(pointer) });
    };
  return { error: into(validation.errors), warn: into(validation.warnings) };
}

/** The problem on one line. */
export function describeProblem(problem: ValidationError): string {
  const { pointer, found, allowed, next, section } = problem;
  const where = pointer === '' ? 'the document' : pointer;
  return `${where}: found ${found}, must be ${allowed}. ${next} (${section})`;
}

const LONGEST_SHOWN = 80;

/** A value as JSON, short enough for a message. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const json = JSON.stringify(value);
  return json.length > LONGEST_SHOWN ? `${json.slice(0, LONGEST_SHOWN)}…"` : json;
}
