import { describe, expect, it } from 'vitest';
import { stringifyStats } from '../../src/cgroups/index.ts';
import { delegatedFiles } from '../../src/cgroups/delegate.ts';
import { formatPageSize } from '../../src/cgroups/stats/page-sizes.ts';
import { parseBlkio, parseCpuList, parsePressure } from '../../src/cgroups/stats/parse.ts';

describe('the kernel’s formats', () => {
  it.each([
    ['0-2,7', [0, 1, 2, 7]],
    ['3', [3]],
    ['', []],
  ])('CPU list %j', (text, expected) => {
    expect(parseCpuList(text)).toEqual(expected);
  });

  it('blkio tables end in totals, which are left out', () => {
    expect(parseBlkio('8:0 Read 5\n8:0 Total 5\nTotal 5')).toHaveLength(2);
  });

  it('pressure that is not counted is missing, not zero', () => {
    expect(parsePressure(undefined)).toBeUndefined();
    expect(
      parsePressure(
        'some avg10=0.10 avg60=0 avg300=0 total=1\nfull avg10=2 avg60=0 avg300=0 total=3',
      ),
    ).toMatchObject({ some: { avg10: 0.1 }, full: { avg10: 2, total: 3n } });
  });

  it.each([
    [64, '64KB'],
    [2048, '2MB'],
    [1_048_576, '1GB'],
  ])('huge page of %i kB is %s', (kilobytes, name) => {
    expect(formatPageSize(kilobytes)).toBe(name);
  });
});

describe('statistics as JSON', () => {
  it('keep all 64 bits', () => {
    expect(stringifyStats({ limit: 0xffff_ffff_ffff_ffffn, list: [1n] })).toBe(
      '{"limit":18446744073709551615,"list":[1]}',
    );
  });
});

describe('delegation', () => {
  it('hands over the files that the kernel names, or three on an old kernel', () => {
    expect(delegatedFiles('cgroup.procs\nmemory.oom.group\n')).toEqual([
      'cgroup.procs',
      'memory.oom.group',
    ]);
    expect(delegatedFiles(undefined)).toEqual([
      'cgroup.procs',
      'cgroup.subtree_control',
      'cgroup.threads',
    ]);
  });
});
