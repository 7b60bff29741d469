/** Delegation: a user without root manages what is below its cgroup, and not the cgroup's limits. */
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { delegateCgroup } from '../../../src/cgroups/index.ts';
import { TestCgroup, onVersionTwo } from '../kernel.ts';

const NOBODY = 65_534;
const AS_NOBODY = `exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups sh -c`;

describe.runIf(onVersionTwo)('a delegated cgroup', () => {
  it('lets its user make cgroups below, move processes there, and pass controllers on', () => {
    using test = delegated();
    const own = test.directory;
    const { output } = test.run(`${AS_NOBODY} '
      cd ${own} && mkdir main job && echo $$ > main/cgroup.procs || exit 1
      echo "+memory +pids" > cgroup.subtree_control || exit 2
      echo 5 > job/pids.max && cat job/pids.max
      sh -c "echo 0 > job/cgroup.procs && cat /proc/self/cgroup"'`);
    expect(output).toBe(`5\n0::${test.path}/job\n`);
  });

  it('does not let it raise its own limits, or leave', () => {
    using test = delegated();
    using other = new TestCgroup();
    test.apply({ memory: { limit: 64 << 20 }, pids: { limit: 20 } });
    const [own, beside] = [test.directory, other.directory];
    for (const file of ['memory.max', 'pids.max', 'cpu.max', 'cgroup.freeze', 'cgroup.max.depth']) {
      const { output } = test.run(`${AS_NOBODY} 'echo max > ${own}/${file}' 2>&1`);
      expect(output).toMatch(/Permission denied/);
    }
    const leave = `${AS_NOBODY} 'echo 0 | tee ${beside}/cgroup.procs' 2>&1`;
    expect(test.run(leave).output).toMatch(/Permission denied/);
    // Not even to a cgroup of the same user: it may not write to the one above both.
    chownSync(`${beside}/cgroup.procs`, NOBODY, NOBODY);
    expect(test.run(leave).output).toMatch(/Permission denied/);
    expect([test.read('', 'memory.max'), test.read('', 'pids.max')]).toEqual(['67108864', '20']);
  });

  it('is removed by root with all that the user made', () => {
    using test = delegated();
    expect(test.run(`${AS_NOBODY} 'mkdir -p ${test.directory}/a/b'`).status).toBe(0);
    test.cgroup.delete();
    expect(test.cgroup.exists()).toBe(false);
  });

  it('keeps its group, and no file beyond those the kernel lists changes hands', () => {
    using test = delegated();
    const owner = (file: string): number => statSync(`${test.directory}/${file}`).uid;
    expect(statSync(test.directory).gid).toBe(0);
    expect(['.', 'cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control'].map(owner)).toEqual([
      NOBODY,
      NOBODY,
      NOBODY,
      NOBODY,
    ]);
    expect(['cgroup.kill', 'cgroup.type', 'memory.max', 'io.max'].map(owner)).toEqual([0, 0, 0, 0]);
  });
});

describe.runIf(onVersionTwo)('a container that has divided its own cgroup', () => {
  it('takes a further process where its first one is, since its top takes none', async () => {
    using test = new TestCgroup();
    const { directory } = test;
    expect(test.cgroup.joinFiles()).toEqual([`${directory}/cgroup.procs`]);
    const { pid } = await test.start(
      'exec sleep 60',
      `mkdir ${directory}/main; echo 0 > ${directory}/main/cgroup.procs;
       echo +pids +memory > ${directory}/cgroup.subtree_control`,
    );
    expect(() => writeFileSync(`${directory}/cgroup.procs`, '0')).toThrow(/EBUSY/);
    expect(test.cgroup.joinFiles(pid)).toEqual([`${directory}/main/cgroup.procs`]);
    expect(test.cgroup.processes()).toEqual([pid]);
  });

  it('whose first process is elsewhere keeps newcomers in its own', async () => {
    using other = new TestCgroup();
    using test = new TestCgroup();
    const { pid } = await other.start('exec sleep 60');
    writeFileSync(`${test.directory}/cgroup.subtree_control`, '+pids');
    expect(test.cgroup.joinFiles(pid)).toEqual([`${test.directory}/cgroup.procs`]);
  });
});

function delegated(): TestCgroup {
  const test = new TestCgroup();
  delegateCgroup(test.cgroup.paths, NOBODY);
  return test;
}
