/** The error for a document that cannot be used. */
import { CoracleError } from '../../base/index.ts';
import { describeProblem } from './problem.ts';
import type { ValidationError } from './problem.ts';

const MOST_LISTED = 50;

/** Lists every problem of a document, and says which file it is. */
export class ConfigError extends CoracleError {
  /** The file, as the caller named it. */
  readonly path: string;
  readonly problems: readonly ValidationError[];

  constructor(path: string, problems: readonly ValidationError[], options?: ErrorOptions) {
    super('ERR_CONFIG_INVALID', messageFor(path, problems), options);
    this.path = path;
    this.problems = problems;
  }
}

function messageFor(path: string, problems: readonly ValidationError[]): string {
  const lines = problems.slice(0, MOST_LISTED).map(describeProblem);
  const [first, ...others] = lines;
  if (first !== undefined && others.length === 0) return `${path} is invalid: ${first}`;
  const unlisted = problems.length - lines.length;
  if (unlisted > 0) lines.push(`and ${unlisted} more problems`);
  return [`${path} has ${problems.length} problems:`, ...lines].join('\n  ');
}
