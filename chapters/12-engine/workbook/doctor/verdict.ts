/** Whether Coracle can work on a machine, and what to do next. Pure. */
import type { Report, TriedFeature } from './report.ts';

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
  const enginePackages = packages.filter(({ engine }) => engine).map(({ debian }) => debian);
  const missing = [...lacking.map(sentence), ...enginePackages.map((name) => `package ${name}`)];
  const next: string[] = lacking.map(({ name, needs }) => `for ${name}: ${needs}`);
  if (enginePackages.length > 0) next.push(install(enginePackages, isRoot));
  else if (packages.length > 0) {
    const names = packages.map(({ debian }) => debian);
    next.push(`for all tests: ${install(names, isRoot)}`);
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

function sentence({ name, why }: TriedFeature): string {
  return why === undefined ? name : `${name}: ${why}`;
}

function install(names: readonly string[], isRoot: boolean): string {
  return `${isRoot ? '' : 'sudo '}apt-get install --no-install-recommends ${names.join(' ')}`;
}
