/** What a command of `coracle` is, and what it is given. */
import type { ParseArgsOptionsConfig } from 'node:util';
import { CoracleError } from 'coracle/base';
import type { Engine } from './engine.ts';

/** The values of a command's options, by their names. */
export type Options = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface Context {
  readonly engine: Engine;
  readonly args: readonly string[];
  readonly options: Options;
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** One line. */
  readonly summary: string;
  /** After `coracle NAME`, such as `NAME[:TAG] DIR`. */
  readonly usage: string;
  /** Lines about the options, `[form, what it does]`. */
  readonly help: readonly (readonly [form: string, what: string])[];
  readonly options: ParseArgsOptionsConfig;
  /** How many arguments it takes. */
  readonly args: { readonly min: number; readonly max: number };
  run(context: Context): Promise<void> | void;
}

/** The command line itself is wrong. */
export class UsageError extends CoracleError {
  constructor(message: string) {
    super('USAGE', message);
  }
}

export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(options: Options, name: string): string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The argument at a place; `main` has counted them. */
export function argument({ args }: Context, index: number): string {
  return args[index] ?? '';
}
