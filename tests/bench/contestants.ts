/** What is measured: each contestant is a name and a way to run it once, in milliseconds. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Commands, WITHOUT_UNIFIED } from './commands.ts';
import { WARM_ROOT } from './warm.ts';
import { rootOf, type Deleter, type Workspace } from './workspace.ts';

export interface Contestant {
  readonly name: string;
  run(): Promise<number>;
}

export interface ContestantOptions {
  readonly workspace: Workspace;
  /** Paths of the runtimes; crun and runc need not be there. */
  readonly runtimes: { readonly coracle: string; readonly crun?: string; readonly runc?: string };
  /** The Node that the shipped runtime starts. */
  readonly node: string;
  /** A v1 host with a v2 tree beside it, which crun refuses. */
  readonly hybrid: boolean;
  /** Owns the starters. */
  readonly stack: DisposableStack;
}

/** The processes: whole `run`s of the runtimes, and the floors that they stand on. */
export function contestants(options: ContestantOptions): Contestant[] {
  const { workspace, runtimes, stack } = options;
  const commands = stack.use(Commands.start());
  const list = [
    runOf('coracle-runtime run', runtimes.coracle, workspace, commands),
    ...floors(options, commands),
  ];
  if (runtimes.runc !== undefined) {
    list.push(runOf('runc run', runtimes.runc, workspace, commands));
  }
  if (runtimes.crun !== undefined) {
    const apart = options.hybrid ? stack.use(Commands.start(WITHOUT_UNIFIED)) : commands;
    list.push(runOf('crun run', runtimes.crun, workspace, apart));
  }
  return list;
}

/** For the end: each runtime deletes its own containers by force, and ours the warm ones too. */
export function deleters(options: Omit<ContestantOptions, 'stack'>): Deleter[] {
  const { workspace, runtimes, hybrid } = options;
  const programs = Object.values(runtimes);
  const users = programs.map((program) => ({ program, name: path.basename(program) }));
  return [...users, { program: runtimes.coracle, name: WARM_ROOT }].map(({ program, name }) => {
    const root = rootOf(workspace, name);
    const wrapper = hybrid && program === runtimes.crun ? WITHOUT_UNIFIED : [];
    return { root, command: [...wrapper, program, '--root', root, 'delete', '--force'] };
  });
}

function runOf(
  name: string,
  program: string,
  workspace: Workspace,
  commands: Commands,
): Contestant {
  const root = rootOf(workspace, path.basename(program));
  let count = 0;
  return {
    name,
    run: () => {
      const id = `process-${(count += 1)}`;
      return commands.time([program, '--root', root, 'run', '--bundle', workspace.bundle, id]);
    },
  };
}

/** What a process costs before it does anything: the smallest one, Node, and Node with koffi. */
function floors({ workspace, node }: ContestantOptions, commands: Commands): Contestant[] {
  const koffi = createRequire(fileURLToPath(import.meta.resolve('coracle/sys'))).resolve('koffi');
  const script = (name: string, text: string): string => {
    const file = path.join(workspace.directory, name);
    writeFileSync(file, text);
    return file;
  };
  const empty = script('empty.cjs', '');
  const loading = script('koffi.cjs', `require(${JSON.stringify(koffi)}).load('libc.so.6');\n`);
  const smallest = path.join(workspace.bundle, 'rootfs/bin/true');
  return [
    { name: 'floor: busybox true', run: () => commands.time([smallest]) },
    { name: 'floor: node', run: () => commands.time([node, empty]) },
    { name: 'floor: node + koffi', run: () => commands.time([node, loading]) },
  ];
}
