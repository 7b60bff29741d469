/**
 * A very small assembler: bytes, labels, and x86-64 branches with an 8-bit or 32-bit distance.
 *
 * `jcc` and `jmp` are written in their short form; where the target is too far, the near form of
 * the same instruction takes its place.
 */
export type Piece = number[] | { label: string } | { branch: [opcode: number]; to: string };

const JMP_SHORT = 0xeb;
const JMP_NEAR = 0xe9;

/** Resolves labels and returns the code. */
export function linkBranches(pieces: readonly Piece[]): Uint8Array {
  const near = new Set<Piece>();
  for (;;) {
    const offsets = layOut(pieces, near);
    const tooFar = pieces.filter((piece) => !near.has(piece) && !reaches(piece, offsets));
    if (tooFar.length === 0) return emit(pieces, near, offsets);
    for (const piece of tooFar) near.add(piece);
  }
}

interface Offsets {
  readonly ends: ReadonlyMap<Piece, number>;
  readonly labels: ReadonlyMap<string, number>;
}

function layOut(pieces: readonly Piece[], near: ReadonlySet<Piece>): Offsets {
  const ends = new Map<Piece, number>();
  const labels = new Map<string, number>();
  let offset = 0;
  for (const piece of pieces) {
    if ('label' in piece) labels.set(piece.label, offset);
    offset += sizeOf(piece, near);
    ends.set(piece, offset);
  }
  return { ends, labels };
}

function sizeOf(piece: Piece, near: ReadonlySet<Piece>): number {
  if (Array.isArray(piece)) return piece.length;
  if ('label' in piece) return 0;
  if (!near.has(piece)) return 2;
  return piece.branch[0] === JMP_SHORT ? 5 : 6;
}

function reaches(piece: Piece, offsets: Offsets): boolean {
  if (!('branch' in piece)) return true;
  const distance = distanceOf(piece, piece.to, offsets);
  return distance >= -128 && distance <= 127;
}

function distanceOf(piece: Piece, to: string, { ends, labels }: Offsets): number {
  const target = labels.get(to);
  const end = ends.get(piece);
  if (target === undefined || end === undefined) throw new TypeError(`no label ${to}`);
  return target - end;
}

function emit(pieces: readonly Piece[], near: ReadonlySet<Piece>, offsets: Offsets): Uint8Array {
  const code: number[] = [];
  for (const piece of pieces) {
    if (Array.isArray(piece)) code.push(...piece);
    if (!('branch' in piece)) continue;
    const distance = distanceOf(piece, piece.to, offsets);
    const opcode = piece.branch[0];
    if (!near.has(piece)) code.push(opcode, distance & 0xff);
    else if (opcode === JMP_SHORT) code.push(JMP_NEAR, ...littleEndian32(distance));
    else code.push(0x0f, opcode + 0x10, ...littleEndian32(distance));
  }
  return Uint8Array.from(code);
}

function littleEndian32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}
