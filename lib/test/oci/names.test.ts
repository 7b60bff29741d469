import { describe, expect, it } from 'vitest';
import { CAPABILITY_NAMES, parseNumberList, sysctlFile } from '../../src/oci/index.ts';

describe('a list of numbers', () => {
  it.each([
    [
      '0-3,7',
      [
        [0, 3],
        [7, 7],
      ],
    ],
    [
      ' 1 , 2 - 2 ,',
      [
        [1, 1],
        [2, 2],
      ],
    ],
    ['', []],
  ])('%j is %j', (list, ranges) => {
    expect(parseNumberList(list)).toEqual(ranges);
  });

  it.each(['a', '3-1', '-1', '1-', '1;2', '0x1', '1 2', '12345678901'])('%j is none', (list) => {
    expect(parseNumberList(list)).toBeUndefined();
  });
});

describe('the name of a kernel parameter', () => {
  it.each([
    ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
    ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
    ['net.ipv4.conf.eth0/1.rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
    ['net/ipv4/conf/eth0.1/rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
  ])('%s is the file %s', (name, file) => {
    expect(sysctlFile(name)).toBe(file);
  });

  it.each(['', '/net', 'net/../kernel/core_pattern', 'net..core', 'net///..', './x', 'net.//.x'])(
    '%j is refused, because it would lead elsewhere',
    (name) => {
      expect(sysctlFile(name)).toBeUndefined();
    },
  );
});

describe('capabilities', () => {
  it('stand at their numbers', () => {
    expect(CAPABILITY_NAMES.indexOf('CAP_CHOWN')).toBe(0);
    expect(CAPABILITY_NAMES.indexOf('CAP_SYS_ADMIN')).toBe(21);
    expect(CAPABILITY_NAMES.indexOf('CAP_CHECKPOINT_RESTORE')).toBe(40);
  });
});
