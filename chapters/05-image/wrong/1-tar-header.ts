import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const TEXT = "Buffer.from(bytes).toString('latin1').split('\\0', 1)[0] ?? ''";
const TRIMMED = "text.replaceAll(/^ +| +$/g, '')";
const OCTAL = '  if (/^[0-7]+$/.test(octal)) return safe(BigInt(`0o${octal}`), field);\n';
const SAFE = 'safe(BigInt.asIntN(bytes.length * 8, unsigned), field)';
const COPY = 'Uint8Array.from(bytes.subarray(0, end === -1 ? bytes.length : end))';
const SIGN = 'digits[0] = (first & 0x40) === 0 ? first & 0x3f : first;';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'reads-decimal-digits',
    change: [['BigInt(`0o${octal}`)', 'BigInt(octal)']],
    killedBy: 'octal',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'always-cuts-the-last-byte',
    change: [
      [TEXT, "Buffer.from(bytes).subarray(0, -1).toString('latin1').split('\\0', 1)[0] ?? ''"],
    ],
    killedBy: 'octal',
  },
  {
    name: 'leaves-the-spaces',
    change: [[TRIMMED, 'text']],
    killedBy: 'octal',
  },
  {
    name: 'refuses-an-empty-field',
    change: [["  if (octal === '') return 0;\n", '']],
    killedBy: 'empty-field',
  },
  {
    name: 'takes-the-nuls-away',
    change: [[TEXT, "Buffer.from(bytes).toString('latin1').replaceAll('\\0', '')"]],
    killedBy: 'after-the-nul',
  },
  {
    name: 'takes-what-parseInt-takes',
    change: [
      [
        OCTAL,
        '  const number = Number.parseInt(octal, 8);\n  if (!Number.isNaN(number)) return number;\n',
      ],
    ],
    killedBy: 'no-number',
  },
  {
    name: 'trims-all-white-space',
    change: [[TRIMMED, 'text.trim()']],
    killedBy: 'no-number',
  },
  {
    name: 'takes-the-marker-for-a-digit',
    change: [
      [SIGN, ''],
      [SAFE, 'safe(unsigned, field)'],
    ],
    killedBy: 'binary',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'shifts-in-32-bits',
    change: [
      [SAFE, 'digits.reduce((number, byte) => (number << 8) | byte, 0)'],
      ["    const unsigned = BigInt(`0x${Buffer.from(digits).toString('hex')}`);\n", ''],
    ],
    killedBy: 'binary',
  },
  {
    name: 'knows-no-sign',
    change: [[SIGN, 'digits[0] = first & 0x7f;']],
    killedBy: 'below-zero',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'becomes-a-number-before-it-is-looked-at',
    change: [[SAFE, 'Number(BigInt.asIntN(bytes.length * 8, unsigned))']],
    killedBy: 'too-large',
  },
  {
    name: 'reads-twelve-bytes-as-eight',
    change: [["block.subarray(136, 148), 'mtime'", "block.subarray(136, 144), 'mtime'"]],
    killedBy: 'fields',
  },
  {
    name: 'mixes-up-major-and-minor',
    change: [
      ["block.subarray(329, 337), 'major'", "block.subarray(337, 345), 'major'"],
      ["block.subarray(337, 345), 'minor'", "block.subarray(329, 337), 'minor'"],
    ],
    killedBy: 'fields',
  },
  {
    name: 'loses-the-last-byte-of-a-full-field',
    change: [['bytes.subarray(0, end === -1 ? bytes.length : end)', 'bytes.subarray(0, end)']],
    killedBy: 'full-field',
  },
  {
    name: 'knows-no-prefix',
    change: [['name: prefix.length > 0 ?', 'name: prefix.length > 155 ?']],
    killedBy: 'prefix',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'joins-without-a-slash',
    change: [["[prefix, Buffer.from('/'), name]", '[prefix, name]']],
    killedBy: 'prefix',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'makes-every-path-absolute',
    change: [['prefix.length > 0 ?', 'isPosix ?']],
    killedBy: 'prefix',
  },
  {
    name: 'takes-gnu-for-posix',
    change: [
      ['block.subarray(257, 263)', 'block.subarray(257, 262)'],
      ["Buffer.from('ustar\\0')", "Buffer.from('ustar')"],
    ],
    killedBy: 'of-posix-only',
  },
  {
    name: 'has-a-prefix-always',
    change: [['isPosix ? readText', 'true ? readText']],
    killedBy: 'of-posix-only',
  },
  {
    name: 'hands-the-nul-on',
    change: [["typeFlag: typeFlag === '\\0' ? '0' : typeFlag,", 'typeFlag,']],
    killedBy: 'type-flag',
  },
  {
    name: 'looks-at-no-checksum',
    change: [['sum !== expected', 'sum === -1']],
    killedBy: 'checksum',
  },
  {
    name: 'adds-bytes-with-a-sign',
    change: [['const sum = block.reduce(', 'const sum = new Int8Array(block).reduce(']],
    killedBy: 'checksum',
  },
  {
    name: 'counts-the-checksum-as-zeros',
    change: [['at < 156 ? 32 : byte', 'at < 156 ? 0 : byte']],
    killedBy: 'checksum',
  },
  {
    name: 'does-not-see-the-end',
    change: [['  if (block.every((byte) => byte === 0)) return undefined;\n', '']],
    killedBy: 'end',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'believes-a-negative-size',
    change: [
      [
        "size: notNegative(readNumber(block.subarray(124, 136), 'size'), 'size')",
        "size: readNumber(block.subarray(124, 136), 'size')",
      ],
    ],
    killedBy: 'sign',
  },
  {
    name: 'believes-a-negative-device',
    change: [
      [
        "major: notNegative(readNumber(block.subarray(329, 337), 'major'), 'major')",
        "major: readNumber(block.subarray(329, 337), 'major')",
      ],
    ],
    killedBy: 'sign',
  },
  {
    name: 'has-no-time-before-1970',
    change: [
      [
        "mtime: readNumber(block.subarray(136, 148), 'mtime')",
        "mtime: notNegative(readNumber(block.subarray(136, 148), 'mtime'), 'mtime')",
      ],
    ],
    killedBy: 'sign',
    seenByKernel: 'a-real-archive',
  },
  {
    name: 'returns-views-of-the-block',
    change: [[COPY, 'bytes.subarray(0, end === -1 ? bytes.length : end)']],
    killedBy: 'own-memory',
  },
  {
    name: 'copies-with-slice-of-a-buffer',
    change: [[COPY, 'bytes.slice(0, end === -1 ? bytes.length : end)']],
    killedBy: 'own-memory',
  },
  {
    name: 'decodes-names',
    change: [[COPY, `Buffer.from(Buffer.from(${COPY}).toString())`]],
    killedBy: 'bytes',
  },
];
