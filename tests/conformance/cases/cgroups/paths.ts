// config-linux.md, cgroupsPath: where the container is, and what is left alone.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { cgroupFile, cgroupFolder, hasExited } from '../../harness/observe.ts';

const PATH = 'config-linux.md#configLinuxCgroupsPath';

export const pathsCases: Case[] = [
  {
    section: PATH,
    title: 'an absolute path is taken from the root of every hierarchy',
    needs: controlled('pids'),
    steps: async (box) => {
      const pid = await box.created();
      const wrong = placesOf(box, pid).filter(([, path]) => path !== box.cgroup);
      box.equal(wrong, [], 'hierarchies where the container is elsewhere');
    },
  },
  {
    section: PATH,
    title: 'a relative path leads to the same place each time',
    needs: controlled('pids'),
    steps: async (box) => {
      const relative = box.cgroup.slice(1);
      box.patch({ '/linux/cgroupsPath': relative });
      const first = placesOf(box, await box.created());
      box.succeeded(await box.delete('--force'), 'delete --force');
      const second = placesOf(box, await box.created());
      for (const [controller, path] of first) {
        box.undo.push(() => removeEmpty(cgroupFolder(box, controller, path)));
      }
      box.equal(first, second, 'places');
      box.that(
        first.every(([, path]) => path.endsWith(relative)),
        'the path is in them',
        first,
      );
    },
  },
  {
    section: PATH,
    title: 'without a path the resources hold all the same',
    needs: controlled('pids'),
    config: { '/linux/cgroupsPath': undefined, '/linux/resources/pids': { limit: 66 } },
    steps: async (box) => {
      const pid = await box.created();
      const places = placesOf(box, pid);
      const place = (places.find(([controller]) => controller === 'pids') ?? places[0])?.[1] ?? '';
      box.differ(place, '/', 'place in the hierarchy of pids');
      const limit = readFileSync(`${cgroupFolder(box, 'pids', place)}/pids.max`, 'utf8').trim();
      box.equal(limit, '66', 'pids.max where the container is');
    },
  },
  {
    section: 'config-linux.md#configLinuxControlGroups',
    title: "children of the program are in the container's cgroup",
    needs: controlled('pids'),
    steps: async (box) => {
      await box.started('sleep 100 & sleep 100 & echo up; wait');
      await box.printed(/up/);
      const members = cgroupFile(box, 'pids', 'cgroup.procs').split('\n').length;
      box.equal(members, 3, 'processes in the cgroup');
    },
  },
  {
    section: PATH,
    title: 'a cgroup that is there already is used',
    needs: controlled('pids'),
    steps: async (box) => {
      mkdirSync(cgroupFolder(box, 'pids'), { recursive: true });
      const pid = await box.created();
      box.equal(cgroupFile(box, 'pids', 'cgroup.procs'), String(pid), 'processes in it');
    },
  },
  {
    section: 'runtime.md#runtimeDelete',
    title: 'delete leaves cgroups alone that it did not make',
    needs: controlled('pids'),
    steps: async (box) => {
      const sibling = `${dirname(cgroupFolder(box, 'pids'))}/sibling`;
      mkdirSync(sibling, { recursive: true });
      box.undo.push(() => rmdirSync(sibling));
      await box.stopped();
      box.succeeded(await box.delete(), 'delete');
      box.that(existsSync(sibling), 'the sibling is there', 'removed');
    },
  },
  {
    section: PATH,
    title: 'a path with ".." stays in the hierarchy, or is refused',
    needs: controlled('pids'),
    config: (box) => ({ '/linux/cgroupsPath': `/../../..${box.cgroup}` }),
    steps: async (box) => {
      const result = await box.create();
      if (result.code !== 0) return;
      const { pid = 0 } = await box.state();
      box.equal(placesOf(box, pid)[0]?.[1], box.cgroup, 'place');
    },
  },
  {
    section: 'config-linux.md#configLinuxUnified',
    title: 'unified: a controller that is not in a v2 hierarchy is refused',
    since: '1.1',
    needs: (host) => (host.cgroups === 'v2' ? 'the host has cgroup v2' : undefined),
    config: { '/linux/resources/unified': { 'memory.high': '1000000' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxHugePageLimits',
    title: 'a huge page size that the host does not have is refused',
    config: { '/linux/resources/hugepageLimits': [{ pageSize: '3MB', limit: 1 }] },
    refused: true,
  },
  {
    section: 'config.md#configMounts',
    title: "a mount of type cgroup shows the container's own cgroups, read-only with ro",
    needs: controlled('pids'),
    config: {
      '/mounts/-': {
        destination: '/sys/fs/cgroup',
        type: 'cgroup',
        source: 'cgroup',
        options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
      },
    },
    steps: async (box) => {
      box.patch({ '/linux/resources/pids': { limit: 66 } });
      const pids = inside(box);
      await box.prints(
        `cat ${pids}/pids.max; mkdir ${pids}/x 2>&1`,
        /^66\nmkdir: .*Read-only file system$/,
      );
    },
  },
  {
    section: 'config.md#configMounts',
    title: 'a mount of type cgroup in a cgroup namespace of its own shows the same',
    needs: controlled('pids'),
    config: {
      '/linux/namespaces/-': { type: 'cgroup' },
      '/linux/resources/pids': { limit: 66 },
      '/mounts/-': { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup' },
    },
    steps: async (box) => {
      const pids = inside(box);
      await box.prints(`cat ${pids}/pids.max; head -1 ${pids}/cgroup.procs`, '66\n1');
    },
  },
  {
    section: 'config-linux.md#configLinuxControlGroups',
    title: 'when the program ends its children do not outlive the container',
    needs: controlled('pids'),
    steps: async (box) => {
      const pid = await box.started('sleep 100 & echo up; wait');
      await box.printed(/up/);
      const members = cgroupFile(box, 'pids', 'cgroup.procs').split('\n').map(Number);
      process.kill(pid, 'SIGKILL');
      await box.eventually(() => members.every(hasExited), 'all processes end with process 1');
    },
  },
];

/** [controller, path] of a process in every v1 hierarchy that is mounted here, or `['', path]` in v2. */
function placesOf(box: Box, pid: number): [string, string][] {
  const counts = (controller: string): boolean =>
    box.host.cgroups === 'v2' ? controller === '' : box.host.controllers.has(controller);
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, controller = '']) => counts(controller))
    .map(([, controller = '', path = '']) => [controller, path]);
}

/** Where a container finds the files of the pids controller. */
function inside(box: Box): string {
  return box.host.cgroups === 'v2' ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
}

/** Removes the container's cgroup, and the folder above it that the relative path made. */
function removeEmpty(folder: string): void {
  for (const path of [folder, dirname(folder)]) {
    if (existsSync(path) && readdirSync(path, { withFileTypes: true }).every(isFile)) {
      rmdirSync(path);
    }
  }
}

function isFile(entry: { isFile(): boolean }): boolean {
  return entry.isFile();
}
