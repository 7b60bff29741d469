/**
 * libseccomp.so.2, the library that turns rules about system calls into a BPF program.
 *
 * It is loaded at the first call of this file and not before: a runtime that finds its filter in
 * the cache never needs it. Prototypes: seccomp.h; man 3 seccomp_rule_add and its neighbours.
 */
import { closeSync, fstatSync, readSync, readlinkSync, statSync } from 'node:fs';
import { MFD_CLOEXEC } from './constants/open.ts';
import { SyscallError } from './errors.ts';
import { loadLibrary, syscall } from './libc.ts';
import { hostArchitecture } from './numbers.ts';

/** One comparison of a rule: `args[index] op a`, or for MASKED_EQ `(args[index] & a) == b`. */
export interface ScmpCondition {
  readonly index: number;
  /** `enum scmp_compare`: {@link SCMP_CMP}. */
  readonly op: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** `enum scmp_compare`. */
export const SCMP_CMP = { NE: 1, LT: 2, LE: 3, EQ: 4, GE: 5, GT: 6, MASKED_EQ: 7 } as const;

/** `enum scmp_filter_attr`, as far as it changes the program that is built. */
export const SCMP_FLTATR_CTL_OPTIMIZE = 8;
const SCMP_FLTATR_API_SYSRAWRC = 9;

/** What `seccomp_syscall_resolve_name` returns for a name it does not know. */
export const NR_SCMP_ERROR = -1;

/**
 * A filter under construction (`scmp_filter_ctx`); holds C memory until it is disposed of.
 *
 * Every method throws SyscallError with the errno that the library returned.
 */
export class ScmpFilter implements Disposable {
  #context: number | bigint;

  /** `scmp_filter_ctx seccomp_init(uint32_t def_action)`. */
  constructor(defaultAction: number) {
    this.#context = library().init(defaultAction);
    if (BigInt(this.#context) === 0n) throw new SyscallError('seccomp_init()', EINVAL);
    // Before 2.5 the library has no such attribute, and hides errno behind codes of its own.
    library().setAttribute(this.#context, SCMP_FLTATR_API_SYSRAWRC, 1);
  }

  /** `int seccomp_arch_add(scmp_filter_ctx ctx, uint32_t arch_token)`; one already there is fine. */
  addArchitecture(token: number): void {
    const result = library().addArchitecture(this.#context, token);
    if (result !== -EEXIST) check(result, `seccomp_arch_add(0x${token.toString(16)})`);
  }

  /** `int seccomp_attr_set(scmp_filter_ctx ctx, enum scmp_filter_attr attr, uint32_t value)`. */
  setAttribute(attribute: number, value: number): void {
    const result = library().setAttribute(this.#context, attribute, value);
    check(result, `seccomp_attr_set(${attribute}, ${value})`);
  }

  /** `int seccomp_rule_add_array(ctx, uint32_t action, int syscall, unsigned int n, conditions)`. */
  addRule(action: number, nr: number, conditions: readonly ScmpCondition[]): void {
    const array = conditions.length === 0 ? null : encodeConditions(conditions);
    const result = library().addRule(this.#context, action, nr, conditions.length, array);
    check(result, `seccomp_rule_add(0x${action.toString(16)}, ${nr}, ${conditions.length})`);
  }

  /** `int seccomp_export_bpf(const scmp_filter_ctx ctx, int fd)`: `struct sock_filter[]`. */
  exportProgram(): Uint8Array {
    const fd = syscall('memfd_create', 'seccomp', MFD_CLOEXEC);
    try {
      check(library().exportBpf(this.#context, fd), 'seccomp_export_bpf()');
      const program = new Uint8Array(fstatSync(fd).size);
      readSync(fd, program, 0, program.length, 0);
      return program;
    } finally {
      closeSync(fd);
    }
  }

  /** `void seccomp_release(scmp_filter_ctx ctx)`. */
  [Symbol.dispose](): void {
    library().release(this.#context);
    this.#context = 0;
  }
}

/**
 * `uint32_t seccomp_arch_resolve_name(const char *arch_name)`.
 *
 * @param name in lower case, such as `x86_64`.
 * @returns the token, or 0 if this version of the library does not know the architecture.
 */
export function resolveScmpArchitecture(name: string): number {
  return library().resolveArchitecture(name);
}

/** `uint32_t seccomp_arch_native(void)`. */
export function nativeScmpArchitecture(): number {
  return library().nativeArchitecture();
}

/**
 * `int seccomp_syscall_resolve_name_arch(uint32_t arch_token, const char *name)`.
 *
 * @returns the number, {@link NR_SCMP_ERROR} for an unknown name, or another negative number for
 * a call that this architecture lacks but the library can still take in a rule.
 */
export function resolveScmpSyscall(name: string, architecture: number): number {
  return library().resolveSyscall(architecture, name);
}

/** `unsigned int seccomp_api_get(void)`: what library and kernel can do together; 6 has notify. */
export function scmpApiLevel(): number {
  return library().apiLevel();
}

/**
 * Tells the installed library from other versions of it, without loading it.
 *
 * @returns file name, size and time of the library, or `undefined` where it is not in a usual place.
 */
export function libseccompIdentity(): string | undefined {
  const triplet = hostArchitecture() === 'x64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu';
  for (const directory of [`/usr/lib/${triplet}`, `/lib/${triplet}`, '/usr/lib64', '/usr/lib']) {
    const path = `${directory}/${SONAME}`;
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) return `${versionedName(path)} ${found.size} ${found.mtimeMs}`;
  }
  return undefined;
}

const SONAME = 'libseccomp.so.2';
const EEXIST = 17;
const EINVAL = 22;

type Word = number | bigint;

interface Library {
  init(action: number): Word;
  release(context: Word): void;
  setAttribute(context: Word, attribute: number, value: number): number;
  addArchitecture(context: Word, token: number): number;
  addRule(
    context: Word,
    action: number,
    nr: number,
    count: number,
    array: Uint8Array | null,
  ): number;
  exportBpf(context: Word, fd: number): number;
  resolveArchitecture(name: string): number;
  nativeArchitecture(): number;
  resolveSyscall(token: number, name: string): number;
  apiLevel(): number;
}

let loaded: Library | undefined;

function library(): Library {
  if (loaded !== undefined) return loaded;
  const so = loadLibrary(SONAME);
  const define = (name: string, result: string, ...args: string[]): unknown =>
    so.func(name, result, args);
  const context = 'int64_t';
  loaded = {
    init: define('seccomp_init', context, 'uint32_t'),
    release: define('seccomp_release', 'void', context),
    setAttribute: define('seccomp_attr_set', 'int', context, 'int', 'uint32_t'),
    addArchitecture: define('seccomp_arch_add', 'int', context, 'uint32_t'),
    addRule: define(
      'seccomp_rule_add_array',
      'int',
      context,
      'uint32_t',
      'int',
      'unsigned int',
      'void *',
    ),
    exportBpf: define('seccomp_export_bpf', 'int', context, 'int'),
    resolveArchitecture: define('seccomp_arch_resolve_name', 'uint32_t', 'const char *'),
    nativeArchitecture: define('seccomp_arch_native', 'uint32_t'),
    resolveSyscall: define('seccomp_syscall_resolve_name_arch', 'int', 'uint32_t', 'const char *'),
    apiLevel: define('seccomp_api_get', 'unsigned int'),
  } as Library;
  return loaded;
}

function check(result: number, call: string): void {
  if (result < 0) throw new SyscallError(call, -result);
}

/** `struct scmp_arg_cmp[]`: `unsigned int arg; enum scmp_compare op; uint64_t a, b`. */
function encodeConditions(conditions: readonly ScmpCondition[]): Uint8Array {
  const array = new DataView(new ArrayBuffer(conditions.length * 24));
  for (const [position, { index, op, a, b }] of conditions.entries()) {
    array.setUint32(position * 24, index, true);
    array.setUint32(position * 24 + 4, op, true);
    array.setBigUint64(position * 24 + 8, a, true);
    array.setBigUint64(position * 24 + 16, b, true);
  }
  return new Uint8Array(array.buffer);
}

/** The name that `libseccomp.so.2` links to carries the version: `libseccomp.so.2.5.4`. */
function versionedName(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return SONAME;
  }
}
