/** The device program as text, in the notation of the kernel's own BPF disassembly. */

type Fields = { dst: number; src: number; offset: number; constant: number };

/** Only the instructions that the assembler uses. */
const TEXT: Readonly<Record<number, (fields: Fields) => string>> = {
  0x61: ({ dst, src, offset }) => `r${dst} = *(u32 *)(r${src} + ${offset})`,
  0xb7: ({ dst, constant }) => `r${dst} = ${constant}`,
  0xbf: ({ dst, src }) => `r${dst} = r${src}`,
  0x57: ({ dst, constant }) => `r${dst} &= ${constant}`,
  0x5f: ({ dst, src }) => `r${dst} &= r${src}`,
  0x47: ({ dst, constant }) => `r${dst} |= ${constant}`,
  0xa7: ({ dst, constant }) => `r${dst} ^= ${constant}`,
  0x77: ({ dst, constant }) => `r${dst} >>= ${constant}`,
  0x56: ({ dst, constant, offset }) => `if w${dst} != ${constant >>> 0} goto +${offset}`,
  0x15: ({ dst, constant, offset }) => `if r${dst} == ${constant} goto +${offset}`,
  0x95: () => 'exit',
};

/** One line an instruction. Pure. An instruction that the assembler never makes is shown in hex. */
export function explainDeviceProgram(program: Uint8Array): string[] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: program.length / 8 }, (_, index) => {
    const at = index * 8;
    const registers = view.getUint8(at + 1);
    const text = TEXT[view.getUint8(at)];
    if (!text) return view.getBigUint64(at).toString(16).padStart(16, '0');
    return text({
      dst: registers & 15,
      src: registers >> 4,
      offset: view.getInt16(at + 2, true),
      constant: view.getInt32(at + 4, true),
    });
  });
}
