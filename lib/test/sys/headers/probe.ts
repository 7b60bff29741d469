/**
 * Asks the system's C headers: one small program, compiled when the test runs, prints every value
 * that we wrote down by hand.
 *
 * It has three parts, because the headers of the kernel and those of libc define the same names and
 * cannot be included together, and because arm64's numbers of system calls have x86-64's names.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What to ask: C expressions, and the macro that must be defined for each, if it is a macro. */
export interface Question {
  readonly name: string;
  readonly expression: string;
  readonly macro?: string;
}

/** Where a question is asked: with the kernel's headers, libc's, or as if this were arm64. */
export type Part = 'kernel' | 'libc' | 'arm64';

/** The answers; a macro that the headers do not have is missing. */
export type Answers = ReadonlyMap<string, number>;

/** Why the headers cannot be asked here, or `undefined` when they can. */
export function whyNoHeaders(): string | undefined {
  const { status } = spawnSync('gcc', ['--version']);
  return status === 0 ? undefined : 'gcc is not installed';
}

/** Compiles and runs the questions. */
export function askHeaders(questions: Readonly<Record<Part, readonly Question[]>>): Answers {
  const folder = mkdtempSync(join(tmpdir(), 'coracle-headers-'));
  try {
    const files = Object.entries(questions).map(([part, list]) => {
      const file = join(folder, `${part}.c`);
      writeFileSync(file, source(part as Part, list));
      return file;
    });
    const main = join(folder, 'main.c');
    writeFileSync(main, MAIN);
    execFileSync('gcc', ['-w', '-o', join(folder, 'probe'), main, ...files]);
    const output = execFileSync(join(folder, 'probe'), { encoding: 'utf8' });
    return new Map(output.trimEnd().split('\n').map(parseLine));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const MAIN = 'void kernel(), libc(), arm64();\nint main() { kernel(); libc(); arm64(); }\n';

const INCLUDES: Record<Part, readonly string[]> = {
  kernel: [
    'asm/ioctls.h',
    'asm/signal.h',
    'asm/statfs.h',
    'asm/termios.h',
    'asm/unistd_64.h',
    'linux/audit.h',
    'linux/bpf.h',
    'linux/capability.h',
    'linux/close_range.h',
    'linux/elf.h',
    'linux/errno.h',
    'linux/fcntl.h',
    'linux/filter.h',
    'linux/fs.h',
    'linux/ioprio.h',
    'linux/keyctl.h',
    'linux/magic.h',
    'linux/memfd.h',
    'linux/mempolicy.h',
    'linux/mman.h',
    'linux/mount.h',
    'linux/nsfs.h',
    'linux/openat2.h',
    'linux/personality.h',
    'linux/pidfd.h',
    'linux/prctl.h',
    'linux/resource.h',
    'linux/sched.h',
    'linux/sched/types.h',
    'linux/seccomp.h',
    'linux/stat.h',
    'linux/version.h',
    'linux/wait.h',
  ],
  libc: [
    'sys/mount.h',
    'sys/socket.h',
    'sys/un.h',
    'sys/uio.h',
    'sys/signalfd.h',
    'sys/eventfd.h',
    'poll.h',
    'linux/netlink.h',
  ],
  arm64: ['asm-generic/unistd.h'],
};

/** What arch/arm64/include/uapi/asm/unistd.h defines before it includes the generic table. */
const ARM64_DEFINES = ['RENAMEAT', 'NEW_STAT', 'SET_GET_RLIMIT', 'TIME32_SYSCALLS', 'SYS_CLONE3'];

function source(part: Part, questions: readonly Question[]): string {
  return [
    '#define _GNU_SOURCE',
    ...(part === 'arm64' ? ARM64_DEFINES.map((name) => `#define __ARCH_WANT_${name}`) : []),
    ...INCLUDES[part].map((header) => `#include <${header}>`),
    // <stdio.h> would bring libc's types into the kernel's part.
    'int printf(const char *, ...);',
    `void ${part}() {`,
    ...questions.map(print),
    '}\n',
  ].join('\n');
}

function print({ name, expression, macro }: Question): string {
  const line = `printf("${name} %lld\\n", (long long)(${expression}));`;
  return macro === undefined ? line : `#ifdef ${macro}\n${line}\n#endif`;
}

function parseLine(line: string): [string, number] {
  const space = line.lastIndexOf(' ');
  return [line.slice(0, space), Number(line.slice(space + 1))];
}
