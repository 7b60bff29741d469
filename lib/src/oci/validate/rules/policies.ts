/** Memory policy, Intel RDT and personality: three small parts of the `linux` section. */
import type { RuntimeConfig } from '../../config.ts';
import type { LinuxIntelRdt } from '../../linux.ts';
import type { LinuxMemoryPolicy } from '../../memory-policy.ts';
import { parseNumberList } from '../../number-list.ts';
import type { Report } from '../problem.ts';
import type { Rule } from './rule.ts';

export const policyRules: readonly Rule[] = [
  {
    reads: ['/linux/memoryPolicy'],
    check({ linux }: RuntimeConfig, report: Report) {
      if (linux?.memoryPolicy !== undefined) checkMemoryPolicy(linux.memoryPolicy, report);
    },
  },
  {
    reads: ['/linux/intelRdt'],
    check({ linux }: RuntimeConfig, report: Report) {
      if (linux?.intelRdt !== undefined) checkIntelRdt(linux.intelRdt, report);
    },
  },
  { reads: ['/linux/personality'], check: checkPersonality },
];

/** set_mempolicy(2), which says EINVAL to all of these. */
function checkMemoryPolicy(policy: LinuxMemoryPolicy, report: Report): void {
  const { mode, nodes, flags = [] } = policy;
  const ranges = parseNumberList(nodes ?? '');
  const at = '/linux/memoryPolicy';
  if (ranges === undefined) {
    const next = 'Write numbers and rising ranges, separated by commas.';
    report.error(`${at}/nodes`, nodes, 'a list such as "0-3,7"', next);
  } else if (mode === 'MPOL_DEFAULT' || mode === 'MPOL_LOCAL') {
    if (ranges.length > 0) {
      report.error(`${at}/nodes`, nodes, `absent with ${mode}`, 'Remove it.');
    }
  } else if (mode !== 'MPOL_PREFERRED' && ranges.length === 0) {
    const next = 'Name the memory nodes; "numactl -H" lists them.';
    report.error(`${at}/nodes`, nodes, `a list of at least one node with ${mode}`, next);
  }
  if (flags.includes('MPOL_F_STATIC_NODES') && flags.includes('MPOL_F_RELATIVE_NODES')) {
    const allowed = 'without one of MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES';
    report.error(`${at}/flags`, flags, allowed, 'They exclude each other: remove one.');
  }
}

/** The class becomes a directory, the schemata become lines: neither may break out. */
function checkIntelRdt(rdt: LinuxIntelRdt, report: Report): void {
  const { closID, memBwSchema } = rdt;
  const at = '/linux/intelRdt';
  if (closID !== undefined && closID !== '/' && /^\.{1,2}$|\//.test(closID)) {
    report.error(`${at}/closID`, closID, '"/" or the name of a directory', 'Remove the slash.');
  }
  if (memBwSchema !== undefined && !memBwSchema.startsWith('MB:')) {
    const next = 'Write it as in "MB:0=20;1=70".';
    report.error(`${at}/memBwSchema`, memBwSchema, 'a line that begins with "MB:"', next);
  }
  const lines = [
    [`${at}/l3CacheSchema`, rdt.l3CacheSchema],
    [`${at}/memBwSchema`, memBwSchema],
    ...(rdt.schemata ?? []).map((line, index) => [`${at}/schemata/${index}`, line] as const),
  ] as const;
  for (const [pointer, line] of lines) {
    if (line?.includes('\n')) {
      report.error(pointer, line, 'a single line', 'Use one entry of "schemata" for each line.');
    }
  }
}

function checkPersonality({ linux }: RuntimeConfig, report: Report): void {
  const { flags = [] } = linux?.personality ?? {};
  if (flags.length > 0) {
    const next = 'They are ignored: the specification defines none.';
    report.warn('/linux/personality/flags', flags, 'an empty list', next);
  }
}
