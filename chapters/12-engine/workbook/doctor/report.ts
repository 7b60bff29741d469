/** All that the doctor has seen, as plain data: what `--json` prints and what the verdict judges. */
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { engineNeeds, missingOf, suiteNeeds } from '../packages.ts';
import { findLeftovers } from './leftovers/find.ts';
import type { Leftover } from './leftovers/leftover.ts';
import { lookAtMachine, type Machine } from './machine.ts';
import type { Finding } from './probes/finding.ts';
import { tryFeature } from './probes/index.ts';
import { readFeatures, type Feature } from './table.ts';
import { PROVIDED_MACHINE } from './virtualization.ts';

/** A row of the table and what came of trying it. */
export type TriedFeature = Feature & Finding;

/** A Debian package that is not there. */
export interface MissingPackage {
  readonly debian: string;
  readonly why: string;
  /** The engine itself, only tests, or only the machine that `./workbook vm` boots. */
  readonly neededBy: 'engine' | 'tests' | 'vm';
}

/** One examination. */
export interface Report {
  readonly machine: Machine;
  readonly packages: readonly MissingPackage[];
  readonly features: readonly TriedFeature[];
  readonly leftovers: readonly Leftover[];
}

/** Looks at everything; changes nothing. */
export function examine(): Report {
  return {
    machine: lookAtMachine(release()),
    packages: missingPackages(),
    features: readFeatures().map((feature) => ({ ...feature, ...tryFeature(feature.name) })),
    leftovers: findLeftovers(),
  };
}

function missingPackages(): MissingPackage[] {
  const { vm, ...tests } = suiteNeeds;
  const needs = [
    { neededBy: 'engine', packages: engineNeeds },
    { neededBy: 'tests', packages: Object.values(tests).flat() },
    { neededBy: 'vm', packages: existsSync(PROVIDED_MACHINE) ? [] : vm },
  ] as const;
  const missing = new Map<string, MissingPackage>();
  for (const { neededBy, packages } of needs) {
    for (const { debian, why } of missingOf(packages)) {
      if (!missing.has(debian)) missing.set(debian, { debian, why, neededBy });
    }
  }
  return [...missing.values()];
}
