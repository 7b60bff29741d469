import { existsSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoracleError } from 'coracle/base';
import { defaultSpec, stringifyExactJson } from 'coracle/oci';
import type { Command } from '../command.ts';

export const command: Command = {
  name: 'spec',
  argsUsage: '',
  description: `The spec command creates the new specification file named "config.json" for
the bundle.

The spec generated is just a starter file. Editing of the spec is required to
achieve desired results. For example, the newly generated spec includes an args
parameter that is initially set to call the "sh" command when the container is
started.

EXAMPLE:
To run busybox from an empty directory:

    # mkdir -p rootfs/bin && cp /bin/busybox rootfs/bin/
    # ln -s busybox rootfs/bin/sh
    # coracle-runtime spec
    # coracle-runtime run container1

A rootless container runs without root privileges; --rootless writes a
specification that maps root of the container to the user who calls.`,
  flags: [
    {
      name: 'bundle',
      short: 'b',
      kind: 'string',
      usage: 'path to the root of the bundle directory',
    },
    { name: 'rootless', kind: 'bool', usage: 'generate a configuration for a rootless container' },
  ],
  args: { min: 0, max: 0 },
  run({ flags }) {
    const bundle = flags.string('bundle') ?? '.';
    if (!existsSync(bundle)) {
      throw new CoracleError('BUNDLE_MISSING', `chdir ${bundle}: no such file or directory`);
    }
    const path = join(bundle, 'config.json');
    if (existsSync(path)) {
      throw new CoracleError('FILE_EXISTS', `File ${path} exists. Remove it first`);
    }
    const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
    const spec = defaultSpec({
      cgroup2: statfsSync('/sys/fs/cgroup').type === CGROUP2_SUPER_MAGIC,
      ...(flags.bool('rootless') && { rootless: owner }),
    });
    writeFileSync(path, stringifyExactJson(spec, '\t'));
  },
};

/** statfs(2). */
const CGROUP2_SUPER_MAGIC = 0x6367_7270;
