/**
 * Whole numbers of 64 bits.
 *
 * A JavaScript `number` is exact only up to 2^53 - 1, and the specification has fields that go
 * further: a resource limit without a limit is 2^64 - 1. `parseConfig` therefore reads an integer
 * outside the safe range as a `bigint`, and every other as a `number`. `String(value)`,
 * `BigInt(value)`, `<` and `>` are right for both.
 */
export type Int64 = number | bigint;

/** RLIM_INFINITY of getrlimit(2): no limit. */
export const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;
