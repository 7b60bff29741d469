/**
 * The ranges of whole numbers that a config may hold, by name.
 *
 * The schemas say `integer: 'uint32'` instead of JSON Schema's minimum and maximum, because a
 * number of 64 bits arrives as a `bigint`, which JSON Schema does not know, and because one name
 * reads better than two numbers.
 */
export const RANGES = {
  int32: [-2147483648n, 2147483647n],
  uint16: [0n, 65535n],
  uint32: [0n, 4294967295n],
  int64: [-9223372036854775808n, 9223372036854775807n],
  uint64: [0n, 18446744073709551615n],
  /** A uid or gid; 2^32 - 1 is the kernel's "no id". */
  id: [0n, 4294967294n],
  /** What fits a `number`. */
  safe: [-9007199254740991n, 9007199254740991n],
  /** A limit where -1 means none. */
  limit: [-1n, 9223372036854775807n],
  /** Bytes of a blob. */
  size: [0n, 9007199254740991n],
  /** Of image manifests: 1 is Docker's of before 2016. */
  schemaVersion: [2n, 2n],
  percent: [0n, 100n],
  flag: [0n, 1n],
  seconds: [1n, 9007199254740991n],
  nanoseconds: [0n, 999999999n],
  oomScoreAdj: [-1000n, 1000n],
  ioPriority: [0n, 7n],
  blockIOWeight: [0n, 1000n],
  syscallArgument: [0n, 5n],
  /** dev_t has 12 bits for the major and 20 for the minor number. */
  major: [0n, 4095n],
  minor: [0n, 1048575n],
  /** A device rule's number; runc reads -1 as "any". */
  deviceRuleNumber: [-1n, 4294967295n],
} as const satisfies Record<string, readonly [bigint, bigint]>;

export type RangeName = keyof typeof RANGES;

/** Whether `value` is a whole number within the named range. */
export function inRange(value: unknown, name: RangeName): boolean {
  const [least, most] = RANGES[name];
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  return whole && value >= least && value <= most;
}
