// config-linux.md, time namespaces and their offsets.

import type { Case } from '../../harness/case.ts';
import type { Host } from '../../harness/host.ts';
import { namespaceOf, waitUntil } from '../../harness/observe.ts';

const NAMESPACES = 'config-linux.md#configLinuxNamespaces';

const OFFSETS = 'config-linux.md#configLinuxTimeOffset';

function timeNamespaces(host: Host): string | undefined {
  return host.timeNamespaces ? undefined : 'the kernel has no time namespaces';
}

export const timeCases: Case[] = [
  {
    section: NAMESPACES,
    title: 'time: without a path it is new',
    since: '1.1',
    needs: timeNamespaces,
    config: { '/linux/namespaces/-': { type: 'time' } },
    steps: async (box) => {
      const pid = await box.started();
      // The program enters it by execve.
      await waitUntil(() => namespaceOf(pid, 'time') !== namespaceOf('self', 'time'), 1000);
      box.differ(namespaceOf(pid, 'time'), namespaceOf('self', 'time'), 'time namespace');
    },
  },
  {
    section: OFFSETS,
    title: 'timeOffsets shift the monotonic and the boot clock',
    since: '1.1',
    needs: timeNamespaces,
    config: {
      '/linux/namespaces/-': { type: 'time' },
      '/linux/timeOffsets': {
        monotonic: { secs: 172_800 },
        boottime: { secs: 604_800, nanosecs: 5 },
      },
    },
    script:
      'tr -s " \\t" " " < /proc/self/timens_offsets; read up rest < /proc/uptime; test ${up%.*} -gt 604800 && echo shifted',
    prints: 'monotonic 172800 0\nboottime 604800 5\nshifted',
  },
  {
    section: OFFSETS,
    title: 'a clock that has no offset is refused',
    since: '1.1',
    needs: timeNamespaces,
    config: {
      '/linux/namespaces/-': { type: 'time' },
      '/linux/timeOffsets': { realtime: { secs: 1 } },
    },
    refused: true,
  },
];
