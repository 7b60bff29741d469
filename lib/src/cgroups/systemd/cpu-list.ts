/** No kernel has more CPUs or memory nodes; a longer list is the kernel's to refuse. */
const MOST = 8192;

/**
 * A list of CPUs or memory nodes, such as `0-3,8`, as the bytes of a bit mask, lowest first, which
 * is how systemd takes it: `[0x0f, 0x01]`. Pure.
 *
 * @returns undefined for an empty list, and one that cannot be understood.
 */
export function listToBits(list: string): number[] | undefined {
  const bytes: number[] = [];
  for (const part of list.split(',').map((text) => text.trim())) {
    if (part === '') continue;
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    const [first, last] = [Number(match?.[1] ?? NaN), Number(match?.[2] ?? match?.[1] ?? NaN)];
    if (!(first <= last && last < MOST)) return undefined;
    for (let bit = first; bit <= last; bit += 1) {
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
    }
  }
  return bytes.length === 0
    ? undefined
    : Array.from(bytes, (byte: number | undefined) => byte ?? 0);
}
