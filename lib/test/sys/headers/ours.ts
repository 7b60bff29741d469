/** Every number of the sys layer that the kernel's headers also have, and how C writes it. */
import { readdirSync } from 'node:fs';
import { ERRNO, SYSCALL_NAMES, syscallNumber } from '../../../src/sys/index.ts';
import { LAYOUT } from '../../../src/sys/layouts.ts';
import type { Part, Question } from './probe.ts';

/** One number that we wrote down. */
export interface Ours extends Question {
  readonly part: Part;
  readonly value: number;
}

const CONSTANTS = new URL('../../../src/sys/constants/', import.meta.url);

/** Constants whose C name is not a valid or a pleasant name in TypeScript. */
const C_NAMES: Readonly<Record<string, string>> = {
  WALL: '__WALL',
  LINUX_CAPABILITY_VERSION_3: '_LINUX_CAPABILITY_VERSION_3',
};

/** These C names are enumerators, which `#ifdef` cannot see. */
const ENUMERATORS = /^(FSCONFIG_|SOCK_|MSG_|SCM_|BPF_|IOPRIO_WHO_|IOPRIO_CLASS_|MPOL_)/;

/** The kernel keeps the flags of umount2(2) to itself. */
const LIBC_NAMES = /^(MNT|UMOUNT)_/;

/** The structures that libc declares; the kernel's headers have the rest. */
const LIBC_STRUCTURES = ['msghdr', 'iovec', 'cmsghdr', 'sockaddr_un', 'pollfd', 'timespec'];

/** Everything there is to compare. */
export async function everything(): Promise<Ours[]> {
  return [...(await constants()), ...errnos(), ...systemCalls(), ...structures()];
}

async function constants(): Promise<Ours[]> {
  const files = readdirSync(CONSTANTS).filter((name) => name.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file): Promise<Ours[]> => {
      const module = (await import(new URL(file, CONSTANTS).href)) as Record<string, unknown>;
      return numbers(module).map(([name, value]) => {
        const part = file === 'socket.ts' || LIBC_NAMES.test(name) ? 'libc' : 'kernel';
        return constant(part, name, value);
      });
    }),
  );
  return found.flat();
}

function numbers(module: Record<string, unknown>): [string, number][] {
  return Object.entries(module)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'bigint')
    .map(([name, value]) => [name, Number(value)]);
}

function constant(part: Part, name: string, value: number): Ours {
  const expression = C_NAMES[name] ?? name;
  const macro = ENUMERATORS.test(name) ? {} : { macro: expression };
  return { part, name, value, expression, ...macro };
}

function errnos(): Ours[] {
  return Object.entries(ERRNO).map(([name, value]) => {
    // The kernel's headers know the same number only under its other name.
    const expression = name === 'ENOTSUP' ? 'EOPNOTSUPP' : name;
    return { part: 'kernel', name: `errno ${name}`, value, expression, macro: expression };
  });
}

function systemCalls(): Ours[] {
  return SYSCALL_NAMES.flatMap((name): Ours[] => {
    const macro = `__NR_${name}`;
    return [
      {
        part: 'kernel',
        name: `x64 ${name}`,
        value: syscallNumber(name, 'x64'),
        expression: macro,
        macro,
      },
      {
        part: 'arm64',
        name: `arm64 ${name}`,
        value: syscallNumber(name, 'arm64'),
        expression: macro,
        macro,
      },
    ];
  });
}

function structures(): Ours[] {
  return Object.entries(LAYOUT).flatMap(([name, fields]) =>
    Object.entries(fields).map(([field, value]): Ours => {
      const part = LIBC_STRUCTURES.includes(name) ? 'libc' : 'kernel';
      const struct = `struct ${name}`;
      const expression =
        field === 'sizeof' ? `sizeof(${struct})` : `__builtin_offsetof(${struct}, ${field})`;
      return { part, name: `${struct} ${field}`, value, expression };
    }),
  );
}
