// What a case is. A case is one requirement of the runtime specification that can be observed: it
// names the section, changes a working config.json, takes steps with a runtime's command line, and
// looks at the outcome. It knows nothing of which runtime it runs on.

import type { Box } from './box.ts';
import type { Host } from './host.ts';

/**
 * Changes to the default config.json: JSON pointer to new value. `undefined` removes the member, a
 * last token of `-` appends to the array (missing parents are made).
 */
export type Mutation = Readonly<Record<string, unknown>>;

interface Requirement {
  /** The specification's file and anchor, as `config.md#configHostname`. */
  section: string;
  /** What must be so, in the words of someone reading the table. */
  title: string;
  /** First version of the specification that demands this, when it is newer than 1.0. */
  since?: '1.1' | '1.2' | '1.3';
  /** Why the case cannot be observed on this host, or undefined when it can. */
  needs?: (host: Host) => string | undefined;
  config?: Mutation | ((box: Box) => Mutation);
}

/** Runs `script` by the container's busybox sh; its trimmed output must be (or match) `prints`. */
export interface ScriptCase extends Requirement {
  script: string;
  prints: string | RegExp;
}

/** The config must be refused: an error that says why, nothing run, nothing left behind. */
export interface RefusalCase extends Requirement {
  refused: true;
}

/** Anything that takes more than one command. */
export interface StepsCase extends Requirement {
  steps: (box: Box) => void | Promise<void>;
}

export type Case = ScriptCase | RefusalCase | StepsCase;

/** The observation contradicts the requirement. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly seen: string;

  constructor(what: string, expected: string, seen: string) {
    super(what);
    this.expected = expected;
    this.seen = seen;
  }
}

/** The requirement cannot be observed here; the message says why. */
export class Skip extends Error {}
