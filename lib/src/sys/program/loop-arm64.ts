/**
 * The loop that runs a program on arm64, assembled by hand: the twin of `loop-x64.ts`.
 *
 *     x19   the current operation        w20   the control descriptor
 *
 * `svc` keeps every register but x0 (syscall(2)). Every instruction is four bytes long.
 */
import { ANY_ERRNO, FIELD, MODE, OPERATION_SIZE } from './operation.ts';

const WRITE = 64;
const EXIT_GROUP = 94;

/** An instruction, a label, or an instruction that needs the distance to a label (in words). */
type Line = number | { label: string } | { to: string; encode: (distance: number) => number };

/** Code that begins with the operation at `firstOperation` and never returns. */
export function assembleLoop(start: { firstOperation: number; controlFd: number }): Uint8Array {
  return link([
    ...moveImmediate(19, start.firstOperation, 3),
    ...moveImmediate(20, start.controlFd, 2),
    ...execute(),
    ...decide(),
    ...fail(),
  ]);
}

/** Loads the number and the six arguments, following those marked in the mask; makes the call. */
function execute(): Line[] {
  return [
    { label: 'next' },
    loadByte(21, 19, FIELD.loadMask),
    ...[0, 1, 2, 3, 4, 5].flatMap((index) => [
      loadWord(index, 19, FIELD.args + index * 8),
      testBitZero(21, index, 2), // past the load
      loadWord(index, index, 0),
    ]),
    loadWord(8, 19, FIELD.number),
    0xd4000001, // svc #0
    storeWord(0, 19, FIELD.result),
  ];
}

/** Goes on to the next operation, over some, or to `fail`, as the result and the mode say. */
function decide(): Line[] {
  return [
    loadByte(10, 19, FIELD.mode),
    { to: 'error', encode: (distance) => testBitNonZero(0, 63, distance) },
    loadWord(9, 19, FIELD.storeAt),
    compareZeroBranch(9, 2), // past the store
    storeWord(0, 9, 0),
    { to: 'nonzero', encode: (distance) => compareNonZeroBranch(0, distance) },
    branchIfMode(MODE.zeroIsFailure, 'fail'),
    branchIfMode(MODE.skipOnZero, 'skip'),
    { label: 'nonzero' },
    branchIfMode(MODE.skipOnSuccess, 'skip'),
    { label: 'step' },
    addImmediate(19, 19, OPERATION_SIZE),
    { to: 'next', encode: branch },
    { label: 'skip' },
    loadHalf(9, 19, FIELD.skip),
    moveZ(11, OPERATION_SIZE, 0),
    0x9b0b4d33, // madd x19, x9, x11, x19
    { to: 'step', encode: branch },
    { label: 'error' },
    loadHalf(9, 19, FIELD.tolerate),
    moveZ(11, ANY_ERRNO, 0),
    compare(9, 11),
    { to: 'tolerated', encode: branchEqual },
    0xcb0003e0, // neg x0, x0
    compare(0, 9),
    { to: 'fail', encode: branchNotEqual },
    { label: 'tolerated' },
    branchIfMode(MODE.skipOnError, 'skip'),
    { to: 'step', encode: branch },
  ];
}

/** write(controlFd, operation, OPERATION_SIZE), then exit_group(127). */
function fail(): Line[] {
  return [
    { label: 'fail' },
    0x2a1403e0, // mov w0, w20
    0xaa1303e1, // mov x1, x19
    moveZ(2, OPERATION_SIZE, 0),
    moveZ(8, WRITE, 0),
    0xd4000001, // svc #0
    moveZ(0, 127, 0),
    moveZ(8, EXIT_GROUP, 0),
    0xd4000001, // svc #0
  ];
}

function link(lines: readonly Line[]): Uint8Array {
  const labels = new Map<string, number>();
  let count = 0;
  for (const line of lines) {
    if (typeof line === 'object' && 'label' in line) labels.set(line.label, count);
    else count += 1;
  }
  const code = new DataView(new ArrayBuffer(count * 4));
  let position = 0;
  for (const line of lines) {
    if (typeof line === 'object' && 'label' in line) continue;
    code.setUint32(position * 4, encodeLine(line, position, labels), true);
    position += 1;
  }
  return new Uint8Array(code.buffer);
}

function encodeLine(
  line: Exclude<Line, { label: string }>,
  position: number,
  labels: ReadonlyMap<string, number>,
): number {
  if (typeof line === 'number') return line;
  const target = labels.get(line.to);
  if (target === undefined) throw new TypeError(`no label ${line.to}`);
  return line.encode(target - position);
}

/** `movz`, then `movk` for each further 16 bits. */
function moveImmediate(register: number, value: number, halves: number): number[] {
  return Array.from({ length: halves }, (_, half) => {
    const bits = Number((BigInt(value) >> BigInt(half * 16)) & 0xffffn);
    return half === 0 ? moveZ(register, bits, 0) : moveK(register, bits, half);
  });
}

function moveZ(register: number, bits: number, half: number): number {
  return (0xd2800000 | (half << 21) | (bits << 5) | register) >>> 0;
}

function moveK(register: number, bits: number, half: number): number {
  return (0xf2800000 | (half << 21) | (bits << 5) | register) >>> 0;
}

function loadWord(register: number, base: number, offset: number): number {
  return (0xf9400000 | ((offset / 8) << 10) | (base << 5) | register) >>> 0;
}

function storeWord(register: number, base: number, offset: number): number {
  return (0xf9000000 | ((offset / 8) << 10) | (base << 5) | register) >>> 0;
}

function loadHalf(register: number, base: number, offset: number): number {
  return (0x79400000 | ((offset / 2) << 10) | (base << 5) | register) >>> 0;
}

function loadByte(register: number, base: number, offset: number): number {
  return (0x39400000 | (offset << 10) | (base << 5) | register) >>> 0;
}

function addImmediate(register: number, base: number, value: number): number {
  return (0x91000000 | (value << 10) | (base << 5) | register) >>> 0;
}

function compare(left: number, right: number): number {
  return (0xeb00001f | (right << 16) | (left << 5)) >>> 0;
}

function branch(distance: number): number {
  return (0x14000000 | (distance & 0x3ffffff)) >>> 0;
}

function branchEqual(distance: number): number {
  return (0x54000000 | ((distance & 0x7ffff) << 5)) >>> 0;
}

function branchNotEqual(distance: number): number {
  return (branchEqual(distance) | 1) >>> 0;
}

function compareZeroBranch(register: number, distance: number): number {
  return (0xb4000000 | ((distance & 0x7ffff) << 5) | register) >>> 0;
}

function compareNonZeroBranch(register: number, distance: number): number {
  return (0xb5000000 | ((distance & 0x7ffff) << 5) | register) >>> 0;
}

function testBitZero(register: number, bit: number, distance: number): number {
  const high = bit >= 32 ? 0x80000000 : 0;
  return (high | 0x36000000 | ((bit & 31) << 19) | ((distance & 0x3fff) << 5) | register) >>> 0;
}

function testBitNonZero(register: number, bit: number, distance: number): number {
  return (testBitZero(register, bit, distance) | 0x01000000) >>> 0;
}

/** `tbnz w10, #bit, label` for a bit of the mode byte. */
function branchIfMode(bitMask: number, to: string): Line {
  return { to, encode: (distance) => testBitNonZero(10, Math.log2(bitMask), distance) };
}
