/** Whether Coracle can work on a machine, and what to do next. Pure. */
import type { MissingPackage, Report, TriedFeature } from './report.ts';

export interface Verdict {
  readonly ok: boolean;
  /** What is missing and must not be. */
  readonly missing: readonly string[];
  /** What to do, most important first. */
  readonly next: readonly string[];
}

/**
 * Missing is what the table calls needed and the machine has not; a package that the engine needs;
 * and for a user without root, user namespaces.
 */
export function judge({ machine, packages, features, leftovers }: Report): Verdict {
  const isRoot = machine.user.uid === 0;
  const lacking = features.filter(
    ({ answer, required, name }) =>
      answer === 'no' && (required || (!isRoot && name === 'user namespaces')),
  );
  const lost = (by: MissingPackage['neededBy']): string[] =>
    packages.filter(({ neededBy }) => neededBy === by).map(({ debian }) => debian);
  const missing = [...lacking.map(sentence), ...lost('engine').map((name) => `package ${name}`)];
  const next: string[] = lacking.map(({ name, needs }) => `for ${name}: ${needs}`);
  for (const [by, what] of PURPOSES) {
    if (lost(by).length > 0) next.push(what + install(lost(by), isRoot));
  }
  const untried = features.filter(({ answer }) => answer === 'unknown').length;
  if (!isRoot && untried > 0) {
    next.push(`sudo ./workbook doctor tries the ${untried} that only root can try`);
  }
  const removable = leftovers.filter(({ kept }) => kept === undefined).length;
  if (removable > 0) {
    const things = removable === 1 ? 'the leftover' : `the ${removable} leftovers`;
    next.push(`${isRoot ? '' : 'sudo '}./workbook doctor --repair removes ${things}`);
  }
  return { ok: missing.length === 0, missing, next };
}

const PURPOSES = [
  ['engine', ''],
  ['tests', 'for all tests: '],
  ['vm', 'for ./workbook vm: '],
] as const;

function sentence({ name, why }: TriedFeature): string {
  return why === undefined ? name : `${name}: ${why}`;
}

function install(names: readonly string[], isRoot: boolean): string {
  return `${isRoot ? '' : 'sudo '}apt-get install --no-install-recommends ${names.join(' ')}`;
}
