/** All that the doctor has seen, as plain data: what `--json` prints and what the verdict judges. */
import { release } from 'node:os';
import { engineNeeds, missingOf, suiteNeeds } from '../packages.ts';
import { findLeftovers } from './leftovers/find.ts';
import type { Leftover } from './leftovers/leftover.ts';
import { lookAtMachine, type Machine } from './machine.ts';
import type { Finding } from './probes/finding.ts';
import { tryFeature } from './probes/index.ts';
import { readFeatures, type Feature } from './table.ts';

/** A row of the table and what came of trying it. */
export type TriedFeature = Feature & Finding;

/** A Debian package that is not there. */
export interface MissingPackage {
  readonly debian: string;
  readonly why: string;
  /** The engine itself needs it, not only a suite of tests. */
  readonly engine: boolean;
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
  const forEngine = missingOf(engineNeeds).map(({ debian }) => debian);
  const all = missingOf([...engineNeeds, ...Object.values(suiteNeeds).flat()]);
  return all.map(({ debian, why }) => ({ debian, why, engine: forEngine.includes(debian) }));
}
