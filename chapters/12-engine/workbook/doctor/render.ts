/** A report as text for people: grouped, and long only where something is missing. Pure. */
import type { Machine } from './machine.ts';
import type { Report, TriedFeature } from './report.ts';
import type { Verdict } from './verdict.ts';
import { columns, wrap } from './layout.ts';

/** Colours a text; in a pipe it hands it back as it is. */
export type Paint = (style: 'bold' | 'green' | 'red' | 'yellow' | 'dim', text: string) => string;

export interface RenderOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** The whole text, with a last newline. */
export function render(report: Report, verdict: Verdict, options: RenderOptions): string {
  const groups = Map.groupBy(report.features, ({ group }) => group);
  return [
    renderMachine(report, options),
    ...[...groups].map(([group, features]) => renderGroup(group, features, options)),
    renderLeftovers(report, options),
    renderVerdict(verdict, options),
  ].join('\n');
}

function renderMachine({ machine, packages }: Report, options: RenderOptions): string {
  const { systemd, securityModules: modules } = machine;
  const lines: [string, string][] = [
    ['kernel', `Linux ${machine.kernel}, ${machine.architecture}, ${machine.distribution}`],
    ['cgroups', cgroupsInWords(machine.cgroups)],
    ['systemd', `${systemd.version ?? 'none'}${systemd.running ? '' : ', not in charge'}`],
    ['security', modules?.join(' ') ?? 'unknown: securityfs is not mounted'],
    ['user', userInWords(machine.user)],
    ['packages', packagesInWords(packages)],
    ['VM', virtualizationInWords(machine.virtualization)],
  ];
  const text = lines.map(([name, value]) => wrap(`  ${name.padEnd(10)}`, value, options.width));
  return `${options.paint('bold', 'This machine')}\n${text.join('')}`;
}

function cgroupsInWords({ kind, controllers }: Machine['cgroups']): string {
  const [one, two] = [controllers[1].join(' '), controllers[2].join(' ') || 'no controllers'];
  if (kind === 'v2') return `version 2: ${two}`;
  if (kind === 'v1') return `version 1: ${one}`;
  return kind === 'none' ? 'none mounted' : `version 1: ${one}; version 2: ${two}`;
}

function userInWords({ name, uid, subordinateUids, subordinateGids }: Machine['user']): string {
  const [uids, gids] = [subordinateUids.join(' '), subordinateGids.join(' ')];
  const who = `${name} (uid ${uid})`;
  if (uids === '' && gids === '') return uid === 0 ? who : `${who}, no subordinate ids`;
  return `${who}, subordinate uids ${uids || 'none'}, gids ${gids || 'none'}`;
}

function packagesInWords(packages: Report['packages']): string {
  if (packages.length === 0) return 'all there';
  const names = packages.map(({ debian, neededBy }) =>
    neededBy === 'engine' ? debian : `${debian} (${neededBy})`,
  );
  return `missing: ${names.join(', ')}`;
}

function virtualizationInWords({ qemu, kvm }: Machine['virtualization']): string {
  const device = kvm.answer === 'yes' ? 'KVM works' : `KVM is not usable: ${kvm.why ?? ''}`;
  return `${qemu ?? 'no qemu-system'}; ${device}`;
}

/** What is there side by side, then what is not, each with its consequence. */
function renderGroup(
  group: string,
  features: readonly TriedFeature[],
  options: RenderOptions,
): string {
  const { paint, width } = options;
  const there = features.filter(({ answer }) => answer === 'yes').map(({ name }) => name);
  const others = features.filter(({ answer }) => answer !== 'yes');
  const mark = paint('green', 'yes');
  return [
    `${paint('bold', group)}  ${there.length} of ${features.length}\n`,
    ...columns(there, width - 6).map((line) => `  ${mark} ${line}\n`),
    ...others.map((feature) => renderMissing(feature, options)),
  ].join('');
}

const MARKS = { yes: ['green', 'yes'], no: ['red', 'no '], unknown: ['yellow', '?  '] } as const;

function renderMissing(feature: TriedFeature, { paint, width }: RenderOptions): string {
  const [style, mark] = MARKS[feature.answer];
  const first = wrap('      ', `${feature.name}: ${feature.why ?? ''}`, width).slice(6);
  const head = `  ${paint(style, mark)} ${first}`;
  if (feature.answer === 'unknown') return head;
  const rest = `needs ${feature.needs}. ${feature.without}`;
  return head + wrap('      ', rest, width);
}

function renderLeftovers({ leftovers }: Report, { paint, width }: RenderOptions): string {
  const title = `${paint('bold', 'Leftovers of crashed runs')}  ${leftovers.length || 'none'}\n`;
  const lines = leftovers.map(({ kind, name, kept }) =>
    wrap('  ', `${kind} ${name}${kept === undefined ? '' : ` (stays: ${kept})`}`, width),
  );
  return title + lines.join('');
}

function renderVerdict({ ok, missing, next }: Verdict, { paint, width }: RenderOptions): string {
  const steps = next.map((step) => wrap('  next: ', step, width)).join('');
  if (ok) return `${paint('green', 'Coracle can work here.')}\n${steps}`;
  const lines = missing.map((what) => wrap('  ', what, width)).join('');
  return `${paint('red', 'Coracle cannot work here; missing:')}\n${lines}${steps}`;
}
