/** Headers of tar archives for the checks: what stands in each field, and its bytes. */
import { named, show } from '../../../tests/grader/attempt.ts';

/** Where each field is, and how long. */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeFlag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

/** Text or bytes of fields. Those that are not given are those of an empty file. */
export type Fields = Partial<Record<keyof typeof FIELDS, string | readonly number[]>>;

const POSIX = 'ustar\x0000';

/** A block with a right checksum, unless another one is given. */
export function block(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(512);
  const all = { mode: '0000644\0', typeFlag: '0', magic: POSIX, ...fields };
  for (const [field, value] of Object.entries(all)) put(bytes, field as keyof Fields, value);
  if (fields.checksum !== undefined) return bytes;
  bytes.fill(0x20, 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(bytes, 'checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}

function put(bytes: Uint8Array, field: keyof Fields, value: string | readonly number[]): void {
  const [at, length] = FIELDS[field];
  const content = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  bytes.set(Uint8Array.from(content).subarray(0, length), at);
}

/** The step of a report: what is in the block, and not its 512 bytes. */
export function reads(
  fields: Fields,
  note: string = '',
  kind: 'block' | 'Buffer' = 'block',
): ReturnType<typeof named> {
  return named(`readHeader(${kind} of ${show(fields)})${note}`, undefined);
}
