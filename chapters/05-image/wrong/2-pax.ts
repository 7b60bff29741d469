import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const VALUE = 'Uint8Array.from(bytes.subarray(equals + 1, end - 1))';
const SET = 'records.set(Buffer.from(keyword).toString(), value);';
const DIGITS = '/^[0-9]+$/.test(digits) && space - at < 16 ? Number(digits) : 0';
const FITS = 'space < equals - 1 && equals < end && end <= bytes.length';
const TIME = '/^(-?)([0-9]{1,18})(?:\\.([0-9]{0,64}))?$/';
const SIGN = "return sign === '-' ? -nanoseconds : nanoseconds;";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'keeps-the-newline',
    change: [[VALUE, 'Uint8Array.from(bytes.subarray(equals + 1, end))']],
    killedBy: 'one-record',
  },
  {
    name: 'returns-text',
    change: [[VALUE, `Buffer.from(${VALUE}).toString() as never`]],
    killedBy: 'one-record',
  },
  {
    name: 'counts-from-the-space',
    change: [['const end = at + length;', 'const end = space + length;']],
    killedBy: 'one-record',
  },
  {
    name: 'reads-one-record',
    change: [['    at = end;', '    break;']],
    killedBy: 'several',
  },
  {
    name: 'reads-two-digits',
    change: [
      [
        'bytes.subarray(at, Math.min(space, at + 16))',
        'bytes.subarray(at, Math.min(space, at + 2))',
      ],
    ],
    killedBy: 'long-record',
  },
  {
    name: 'ends-a-value-at-a-newline',
    change: [[VALUE, 'Uint8Array.from(bytes.subarray(equals + 1, bytes.indexOf(0x0a, equals)))']],
    killedBy: 'any-value',
  },
  {
    name: 'splits-at-the-last-equals-sign',
    change: [['bytes.indexOf(0x3d, space)', 'bytes.lastIndexOf(0x3d, at + length - 1)']],
    killedBy: 'any-value',
  },
  {
    name: 'takes-an-empty-value-for-none',
    change: [[FITS, FITS.replace('equals < end', 'equals < end - 2')]],
    killedBy: 'any-value',
  },
  {
    name: 'decodes-values',
    change: [[VALUE, `Buffer.from(Buffer.from(${VALUE}).toString())`]],
    killedBy: 'bytes',
  },
  {
    name: 'reads-the-keyword-byte-by-byte',
    change: [[SET, SET.replace('toString()', "toString('latin1')")]],
    killedBy: 'keyword-is-text',
  },
  {
    name: 'replaces-what-is-no-text',
    change: [[' || !isUtf8(keyword)', '']],
    killedBy: 'keyword-is-no-text',
  },
  {
    name: 'returns-views-of-the-bytes',
    change: [[VALUE, 'bytes.subarray(equals + 1, end - 1)']],
    killedBy: 'own-memory',
  },
  {
    name: 'copies-with-slice-of-a-buffer',
    change: [[VALUE, 'bytes.slice(equals + 1, end - 1)']],
    killedBy: 'own-memory',
  },
  {
    name: 'keeps-the-first',
    change: [[SET, `if (!records.has(Buffer.from(keyword).toString())) ${SET}`]],
    killedBy: 'twice',
  },
  {
    name: 'takes-what-Number-takes',
    change: [[DIGITS, 'Number(digits)']],
    killedBy: 'no-length',
  },
  {
    name: 'takes-a-length-of-any-number-of-digits',
    change: [[' && space - at < 16', '']],
    killedBy: 'no-length',
  },
  {
    name: 'does-not-ask-whether-it-is-too-short',
    change: [[FITS, 'space < equals - 1 && end <= bytes.length']],
    killedBy: 'too-short',
  },
  {
    name: 'does-not-ask-whether-it-is-too-long',
    change: [
      [FITS, 'space < equals - 1 && equals < end'],
      ['bytes[end - 1] !== 0x0a', '(end <= bytes.length && bytes[end - 1] !== 0x0a)'],
    ],
    killedBy: 'too-long',
  },
  {
    name: 'takes-the-equals-sign-of-the-next',
    change: [[FITS, 'space < equals - 1 && end <= bytes.length && length > 4']],
    killedBy: 'no-keyword',
  },
  {
    name: 'takes-a-record-without-keyword',
    change: [['space < equals - 1', 'space < equals']],
    killedBy: 'no-keyword',
  },
  {
    name: 'does-not-look-at-the-newline',
    change: [[' || bytes[end - 1] !== 0x0a', '']],
    killedBy: 'no-newline',
  },
  {
    name: 'returns-seconds',
    change: [['BigInt(seconds) * 1_000_000_000n', 'BigInt(seconds)']],
    killedBy: 'whole-seconds',
  },
  {
    name: 'wants-digits-after-a-point',
    change: [[TIME, TIME.replace('{0,64}', '{1,64}')]],
    killedBy: 'whole-seconds',
  },
  {
    name: 'pads-on-the-left',
    change: [["fraction.padEnd(9, '0')", "fraction.padStart(9, '0')"]],
    killedBy: 'fraction',
  },
  {
    name: 'does-not-cut-off',
    change: [[".padEnd(9, '0').slice(0, 9)", ".padEnd(9, '0')"]],
    killedBy: 'fraction',
  },
  {
    name: 'counts-in-floating-point',
    change: [
      [
        "BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))",
        'BigInt(Math.floor(Number(`${seconds}.${fraction}`) * 1e9 + 1e-6))',
      ],
    ],
    killedBy: 'exactly',
  },
  {
    name: 'forgets-the-sign',
    change: [[SIGN, 'return nanoseconds;']],
    killedBy: 'before-1970',
  },
  {
    name: 'adds-the-fraction-to-negative-seconds',
    change: [
      ['BigInt(seconds) *', 'BigInt(sign + seconds) *'],
      [SIGN, 'return nanoseconds;'],
    ],
    killedBy: 'before-1970',
  },
  {
    name: 'takes-any-number-of-digits',
    change: [[TIME, TIME.replace('{1,18}', '+')]],
    killedBy: 'no-time',
  },
  {
    name: 'takes-any-fraction',
    change: [[TIME, TIME.replace('{0,64}', '*')]],
    killedBy: 'no-time',
  },
  {
    name: 'takes-no-digits-for-zero',
    change: [[TIME, TIME.replace('{1,18}', '{0,18}')]],
    killedBy: 'no-time',
  },
];
