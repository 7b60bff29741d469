import { callProbes } from './calls.ts';
import { cgroupProbes } from './cgroups.ts';
import type { Finding, Probe } from './finding.ts';
import { mountProbes } from './mounts.ts';
import { networkProbes } from './network.ts';
import { processProbes } from './processes.ts';
import { userProbes } from './users.ts';
import { messageOf } from 'coracle/base';
import { unknown } from './finding.ts';

/** A probe for each row of the table, by the row's name. */
export const probes: Readonly<Record<string, Probe>> = {
  ...callProbes,
  ...mountProbes,
  ...cgroupProbes,
  ...processProbes,
  ...userProbes,
  ...networkProbes,
};

/** Tries a feature. A probe that fails in a way of its own is no answer, and says what it met. */
export function tryFeature(name: string): Finding {
  const probe = Object.hasOwn(probes, name) ? probes[name] : undefined;
  if (probe === undefined) return unknown('there is no probe for it');
  try {
    return probe();
  } catch (error) {
    return unknown(`the probe failed: ${messageOf(error)}`);
  }
}
