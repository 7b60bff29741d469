/** Inside an outer container the cgroup file system is often read-only: threats.md, 30. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHost } from '../../src/cgroups/index.ts';
import { onVersionOne } from './kernel.ts';

const INDEX = join(import.meta.dirname, '../../src/cgroups/index.ts');
const NAME = `/coracle-readonly-${process.pid}`;

/** Runs a module in a mount namespace of its own, in which one hierarchy is read-only. */
function withReadOnlyPids(body: string): string {
  const mountpoint = readHost().controllers.get('pids')?.mountpoint ?? '';
  const program = `import { createCgroup, planResources, readHost } from '${INDEX}'; ${body}`;
  const script = `mount -o remount,bind,ro ${mountpoint} && exec "$0" --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', script, process.execPath, program],
    { encoding: 'utf8' },
  );
  return stdout + stderr;
}

const CREATE = `try { createCgroup(readHost(), '${NAME}') } catch (error) { console.log(error.code, error.message) }`;

describe('where a hierarchy is mounted read-only', () => {
  it('creating a cgroup fails with the reason, and leaves nothing in the other hierarchies', () => {
    expect(withReadOnlyPids(CREATE)).toMatch(
      /^CGROUP_CREATE unable to apply cgroup configuration: cannot create .*: EROFS: .*read-write\n$/,
    );
    for (const { mountpoint } of readHost().hierarchies) {
      expect(existsSync(mountpoint + NAME)).toBe(false);
    }
  });

  it('a container that asks for no limit there may do without', () => {
    const output = withReadOnlyPids(`
      const cgroup = createCgroup(readHost(), '${NAME}', { skipForbidden: true });
      console.log(cgroup.paths.pids ?? cgroup.paths[''] ?? 'none', cgroup.exists());
      try { cgroup.apply(planResources(cgroup.host, { pids: { limit: 5 } }, { devices: 'skip' })) } catch (error) { console.log(error.code) }
      cgroup.delete();
    `);
    // Version 2 has one hierarchy only: without it there is no cgroup at all.
    const other = readHost().kind === 'hybrid' ? readHost().unified?.mountpoint + NAME : 'none';
    expect(output).toBe(`${other} ${onVersionOne}\nCGROUP_NO_PATH\n`);
  });
});
