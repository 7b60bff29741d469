/**
 * The loop that runs a program on x86-64, assembled by hand.
 *
 *     rbx   the current operation        r12d  the control descriptor
 *
 * The kernel keeps both across `syscall` and destroys only rcx and r11 (syscall(2)). The loop has
 * no stack, calls nothing and returns nowhere: the program ends in execve or exit_group.
 */
import { ANY_ERRNO, FIELD, MODE, OPERATION_SIZE } from './operation.ts';
import { linkBranches, type Piece } from './branches.ts';

const WRITE = 1;
const EXIT_GROUP = 231;
const ARGUMENT_REGISTERS = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'] as const;

/** `mov reg, [rbx+disp8]` without the displacement, and `mov reg, [reg]`, by register. */
const LOAD = {
  rdi: { argument: [0x48, 0x8b, 0x7b], indirect: [0x48, 0x8b, 0x3f] },
  rsi: { argument: [0x48, 0x8b, 0x73], indirect: [0x48, 0x8b, 0x36] },
  rdx: { argument: [0x48, 0x8b, 0x53], indirect: [0x48, 0x8b, 0x12] },
  r10: { argument: [0x4c, 0x8b, 0x53], indirect: [0x4d, 0x8b, 0x12] },
  r8: { argument: [0x4c, 0x8b, 0x43], indirect: [0x4d, 0x8b, 0x00] },
  r9: { argument: [0x4c, 0x8b, 0x4b], indirect: [0x4d, 0x8b, 0x09] },
} as const;

/** Code that begins with the operation at `firstOperation` and never returns. */
export function assembleLoop(start: { firstOperation: number; controlFd: number }): Uint8Array {
  return linkBranches([...entry(start), ...execute(), ...decide(), ...fail()]);
}

function entry({
  firstOperation,
  controlFd,
}: {
  firstOperation: number;
  controlFd: number;
}): Piece[] {
  return [
    [0x48, 0xbb, ...littleEndian(firstOperation, 8)], // mov rbx, firstOperation
    [0x41, 0xbc, ...littleEndian(controlFd, 4)], // mov r12d, controlFd
  ];
}

/** Loads the number and the six arguments, following those marked in the mask; makes the call. */
function execute(): Piece[] {
  return [
    { label: 'next' },
    [0x0f, 0xb6, 0x6b, FIELD.loadMask], // movzx ebp, byte [rbx+loadMask]
    ...ARGUMENT_REGISTERS.flatMap((register, index): Piece[] => [
      [...LOAD[register].argument, FIELD.args + index * 8],
      [0x40, 0xf6, 0xc5, 1 << index], // test bpl, 1 << index
      [0x74, LOAD[register].indirect.length], // jz past the load
      [...LOAD[register].indirect],
    ]),
    [0x48, 0x8b, 0x03], // mov rax, [rbx]
    [0x0f, 0x05], // syscall
    [0x48, 0x89, 0x43, FIELD.result], // mov [rbx+result], rax
  ];
}

/** Goes on to the next operation, over some, or to `fail`, as the result and the mode say. */
function decide(): Piece[] {
  return [
    [0x8a, 0x53, FIELD.mode], // mov dl, [rbx+mode]
    [0x48, 0x85, 0xc0], // test rax, rax
    { branch: [0x78], to: 'error' }, // js error
    [0x48, 0x8b, 0x4b, FIELD.storeAt], // mov rcx, [rbx+storeAt]
    [0x48, 0x85, 0xc9], // test rcx, rcx
    [0x74, 0x03], // jz past the store
    [0x48, 0x89, 0x01], // mov [rcx], rax
    [0x48, 0x85, 0xc0], // test rax, rax
    { branch: [0x75], to: 'nonzero' }, // jnz nonzero
    [0xf6, 0xc2, MODE.zeroIsFailure], // test dl, zeroIsFailure
    { branch: [0x75], to: 'fail' }, // jnz fail
    [0xf6, 0xc2, MODE.skipOnZero], // test dl, skipOnZero
    { branch: [0x75], to: 'skip' }, // jnz skip
    { label: 'nonzero' },
    [0xf6, 0xc2, MODE.skipOnSuccess], // test dl, skipOnSuccess
    { branch: [0x75], to: 'skip' }, // jnz skip
    { label: 'step' },
    [0x48, 0x83, 0xc3, OPERATION_SIZE], // add rbx, OPERATION_SIZE
    { branch: [0xeb], to: 'next' }, // jmp next
    { label: 'skip' },
    [0x0f, 0xb7, 0x4b, FIELD.skip], // movzx ecx, word [rbx+skip]
    [0x6b, 0xc9, OPERATION_SIZE], // imul ecx, ecx, OPERATION_SIZE
    [0x48, 0x01, 0xcb], // add rbx, rcx
    { branch: [0xeb], to: 'step' }, // jmp step
    { label: 'error' },
    [0x0f, 0xb7, 0x4b, FIELD.tolerate], // movzx ecx, word [rbx+tolerate]
    [0x81, 0xf9, ...littleEndian(ANY_ERRNO, 4)], // cmp ecx, ANY_ERRNO
    { branch: [0x74], to: 'tolerated' }, // je tolerated
    [0x48, 0xf7, 0xd8], // neg rax
    [0x48, 0x39, 0xc8], // cmp rax, rcx
    { branch: [0x75], to: 'fail' }, // jne fail
    { label: 'tolerated' },
    [0xf6, 0xc2, MODE.skipOnError], // test dl, skipOnError
    { branch: [0x75], to: 'skip' }, // jnz skip
    { branch: [0xeb], to: 'step' }, // jmp step
  ];
}

/** write(controlFd, operation, OPERATION_SIZE), then exit_group(127). */
function fail(): Piece[] {
  return [
    { label: 'fail' },
    [0x44, 0x89, 0xe7], // mov edi, r12d
    [0x48, 0x89, 0xde], // mov rsi, rbx
    [0xba, ...littleEndian(OPERATION_SIZE, 4)], // mov edx, OPERATION_SIZE
    [0xb8, ...littleEndian(WRITE, 4)], // mov eax, write
    [0x0f, 0x05], // syscall
    [0xbf, ...littleEndian(127, 4)], // mov edi, 127
    [0xb8, ...littleEndian(EXIT_GROUP, 4)], // mov eax, exit_group
    [0x0f, 0x05], // syscall
  ];
}

function littleEndian(value: number, size: 4 | 8): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return [...bytes.subarray(0, size)];
}
