/** The report: as data for machines, and as a table for people. */
import { styleText } from 'node:util';
import type { Cost } from './profile.ts';
import type { Summary } from './statistics.ts';

export interface Goal {
  readonly text: string;
  /** Undefined when one of the two was not measured. */
  readonly ratio: number | undefined;
  readonly atMost: number;
  readonly aim?: number;
  readonly met: boolean | undefined;
  /** For one that compares a process with none: the ratio when starting one is not counted. */
  readonly ratioBesidesStart?: number;
}

export interface Report {
  readonly machine: string;
  readonly goals: readonly Goal[];
  /** Whole runs; milliseconds. */
  readonly runs: Readonly<Record<string, Summary>>;
  /** Parts of `coracle, warm`; milliseconds. */
  readonly phases: Readonly<Record<string, Summary>>;
  /** Functions of the layers in `coracle, warm`, dearest first; for one container. If profiled. */
  readonly costs?: readonly Cost[];
}

export const WARM = 'coracle, warm process';
/** What it costs to start and collect any process at all. */
const START = 'floor: busybox true';

/** Compares the medians. */
export function goalsOf(runs: Readonly<Record<string, Summary>>): Goal[] {
  return [
    besidesStart(runs, 'crun run', goal(runs, [WARM, 'crun run'], { atMost: 0.5, aim: 0.2 })),
    goal(runs, ['coracle-runtime run', 'runc run'], { atMost: 1.6 }),
  ];
}

/** The table. */
export function render(report: Report): string {
  return [
    styleText('bold', 'One container of /bin/true, milliseconds'),
    ...table(report.runs),
    '',
    styleText('bold', `Phases of "${WARM}"`),
    ...table(report.phases),
    '',
    ...(report.costs === undefined ? [] : costLines(report.costs)),
    styleText('bold', 'Goals (medians)'),
    ...report.goals.map(line),
    '',
    report.machine,
  ].join('\n');
}

function costLines(costs: readonly Cost[]): string[] {
  const head = 'Where its time goes (profiled apart; with what each function calls in Node)';
  const lines = costs.map(({ where, milliseconds }) => `  ${number(milliseconds)}  ${where}`);
  return [styleText('bold', head), ...lines, ''];
}

function goal(
  runs: Readonly<Record<string, Summary>>,
  [ours, theirs]: readonly [string, string],
  limits: { readonly atMost: number; readonly aim?: number },
): Goal {
  const [mine, other] = [runs[ours]?.median, runs[theirs]?.median];
  const ratio = mine === undefined || other === undefined ? undefined : mine / other;
  const met = ratio === undefined ? undefined : ratio <= limits.atMost;
  return { text: `${ours} / ${theirs}`, ratio, ...limits, met };
}

/** crun is started from Node, which takes longer than a small C program would need for that. */
function besidesStart(runs: Readonly<Record<string, Summary>>, theirs: string, found: Goal): Goal {
  const [mine, other, start] = [runs[WARM], runs[theirs], runs[START]].map((one) => one?.median);
  if (mine === undefined || other === undefined || start === undefined) return found;
  return { ...found, ratioBesidesStart: mine / (other - start) };
}

function table(rows: Readonly<Record<string, Summary>>): string[] {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  const head = `  ${''.padEnd(width)}   median     min     25%     75%  runs`;
  const lines = Object.entries(rows).map(([name, { median, min, ...rest }]) => {
    const cells = [median, min, rest.lowerQuartile, rest.upperQuartile].map(number).join('');
    return `  ${name.padEnd(width)} ${cells}  ${String(rest.count).padStart(4)}`;
  });
  return [styleText('dim', head), ...lines];
}

function number(milliseconds: number): string {
  return milliseconds.toFixed(2).padStart(8);
}

function line({ text, ratio, atMost, aim, met, ratioBesidesStart }: Goal): string {
  const wanted = `goal at most ${atMost}${aim === undefined ? '' : `, aim ${aim}`}`;
  if (ratio === undefined) return `  ${text}: not measured (${wanted})`;
  const mark = met === true ? styleText('green', 'met') : styleText('red', 'not met');
  const besides =
    ratioBesidesStart === undefined
      ? ''
      : `; ${ratioBesidesStart.toFixed(2)} if "${START}" is taken off`;
  return `  ${text}: ${ratio.toFixed(2)} (${wanted}): ${mark}${besides}`;
}
