import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const PATTERN = String.raw`/^bytes (\d+)-(\d+)\/(\d+|\*)$/i`;
const WHOLE = "return offset === 0 ? { action: 'append' } : { action: 'restart', body: true };";
const FIRST = 'if (first !== offset)';
const LENGTH =
  'total !== undefined && contentLength !== undefined && Number(contentLength) !== total';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'wants-206-always',
    change: [[WHOLE, "return refuse('it is no part');"]],
    killedBy: 'from-the-start',
  },
  {
    name: 'wants-a-length',
    change: [[LENGTH, 'Number(contentLength) !== total']],
    killedBy: 'from-the-start',
  },
  {
    name: 'appends-the-whole',
    change: [[WHOLE, "return { action: 'append' };"]],
    killedBy: 'the-whole-again',
  },
  {
    name: 'throws-the-whole-away',
    change: [["{ action: 'restart', body: true }", "{ action: 'restart', body: false }"]],
    killedBy: 'the-whole-again',
  },
  {
    name: 'does-not-look-at-the-length',
    change: [[LENGTH, 'false']],
    killedBy: 'whole-of-another-size',
  },
  {
    name: 'takes-the-length-for-the-rest',
    change: [
      [
        LENGTH,
        'total !== undefined && contentLength !== undefined && ![total, total - offset].includes(Number(contentLength))',
      ],
    ],
    killedBy: 'whole-of-another-size',
  },
  {
    name: 'wants-all-the-rest',
    change: [['last >= size)', 'last >= size || last < size - 1)']],
    killedBy: 'part',
  },
  {
    name: 'wants-a-part-in-lower-case',
    change: [[PATTERN, PATTERN.slice(0, -1)]],
    killedBy: 'part',
  },
  {
    name: 'wants-a-size-in-lower-case',
    change: [[String.raw`/^bytes \*\/(\d+)$/i`, String.raw`/^bytes \*\/(\d+)$/`]],
    killedBy: 'size-by-416',
  },
  {
    name: 'starts-anew-at-a-part',
    change: [
      [
        "  return { action: 'append' };\n}",
        "  return offset === 0 ? { action: 'append' } : { action: 'restart', body: true };\n}",
      ],
    ],
    killedBy: 'part',
  },
  {
    name: 'does-not-look-where-it-begins',
    change: [[FIRST, 'if (first < 0)']],
    killedBy: 'begins-elsewhere',
  },
  {
    name: 'takes-a-part-that-begins-before',
    change: [[FIRST, 'if (first > offset)']],
    killedBy: 'begins-elsewhere',
  },
  {
    name: 'counts-the-last-byte-from-one',
    change: [['last >= size', 'last > size']],
    killedBy: 'last',
  },
  {
    name: 'wants-two-bytes',
    change: [['last < first', 'last <= first']],
    killedBy: 'last',
  },
  {
    name: 'does-not-compare-sizes',
    change: [['if (total !== undefined && size !== total)', 'if (size < 0)']],
    killedBy: 'part-of-another-size',
  },
  {
    name: 'does-not-know-the-star',
    change: [[PATTERN, PATTERN.replace(String.raw`(\d+|\*)`, String.raw`(\d+)`)]],
    killedBy: 'size-not-known',
  },
  {
    name: 'lets-the-star-pass-all',
    change: [
      ["match[3] === '*' ? (total ?? Infinity)", "match[3] === '*' ? Infinity"],
      ['size !== total)', "size !== total && match[3] !== '*')"],
    ],
    killedBy: 'size-not-known',
  },
  {
    name: 'trusts-a-part-without-a-range',
    change: [
      [
        "if (match === null) return refuse(`it is a part, of which is said only: ${range ?? 'nothing'}`);",
        "if (match === null) return { action: 'append' };",
      ],
    ],
    killedBy: 'no-range',
  },
  {
    name: 'looks-at-the-beginning-of-the-range',
    change: [[PATTERN, PATTERN.replace('$/i', '/i')]],
    killedBy: 'no-range',
  },
  {
    name: 'takes-any-unit',
    change: [[PATTERN, PATTERN.replace('^bytes', String.raw`^\w+`)]],
    killedBy: 'no-range',
  },
  {
    name: 'refuses-416',
    change: [
      [
        'if (status !== 416) return refuse(`the status is ${status}`);',
        'if (status !== 416 || total === offset) return refuse(`the status is ${status}`);',
      ],
    ],
    killedBy: 'nothing-more',
  },
  {
    name: 'believes-only-what-416-says',
    change: [
      [
        'total ?? (size === undefined ? undefined : Number(size))',
        'size === undefined ? undefined : Number(size)',
      ],
    ],
    killedBy: 'nothing-more',
  },
  {
    name: 'believes-416-more-than-the-total',
    change: [
      [
        'total ?? (size === undefined ? undefined : Number(size))',
        'size === undefined ? total : Number(size)',
      ],
    ],
    killedBy: 'size-by-416',
  },
  {
    name: 'does-not-read-the-size',
    change: [['total ?? (size === undefined ? undefined : Number(size))', 'total']],
    killedBy: 'size-by-416',
  },
  {
    name: 'waits-for-a-body-of-416',
    change: [["{ action: 'restart', body: false }", "{ action: 'restart', body: true }"]],
    killedBy: 'size-by-416',
  },
  {
    name: 'takes-more-than-all-for-complete',
    change: [
      [
        'offset > 0 && offset === complete',
        'offset > 0 && (offset === complete || offset > (total ?? Infinity))',
      ],
    ],
    killedBy: 'ask-anew',
  },
  {
    name: 'asks-from-the-start-for-ever',
    change: [
      [
        "return offset > 0\n    ? { action: 'restart', body: false }\n    : refuse('it has no bytes from the first one on');",
        "return { action: 'restart', body: false };",
      ],
    ],
    killedBy: 'never-ends',
  },
  {
    name: 'takes-an-empty-blob-for-complete',
    change: [['offset > 0 && offset === complete', 'offset === complete']],
    killedBy: 'never-ends',
  },
  {
    name: 'takes-every-success-for-the-whole',
    change: [['if (status === 200) {', 'if (status >= 200 && status < 300) {']],
    killedBy: 'other-status',
  },
];
