// config-linux.md, block IO: throttles and weight.

import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { v1 } from '../../harness/host.ts';
import { cgroupFile, cgroupFolder } from '../../harness/observe.ts';

const BLKIO = 'config-linux.md#configLinuxBlockIO';

/** major:minor of the disk that holds the suite's files. */
function disk(box: Box): [number, number] {
  const number = box.hostCommand('stat', '-c', '%d', box.dir).trim();
  const device = Number(number);
  const [major, minor] = [(device >> 8) & 0xfff, device & 0xff];
  if (!existsSync(`/sys/dev/block/${major}:${minor}`)) throw new Skip('no disk below the suite');
  return [major, minor];
}

export const blkioCases: Case[] = [
  ...(
    [
      ['throttleReadBpsDevice', 'blkio.throttle.read_bps_device'],
      ['throttleWriteBpsDevice', 'blkio.throttle.write_bps_device'],
      ['throttleReadIOPSDevice', 'blkio.throttle.read_iops_device'],
      ['throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device'],
    ] as const
  ).map(([name, file]): Case => {
    return {
      section: BLKIO,
      title: `blockIO.${name}`,
      needs: v1('blkio'),
      steps: async (box) => {
        const [major, minor] = disk(box);
        const entry = { major, minor, rate: 1_048_576 };
        box.patch({ '/linux/resources/blockIO': { [name]: [entry] } });
        await box.created();
        box.equal(cgroupFile(box, 'blkio', file), `${major}:${minor} 1048576`, file);
      },
    };
  }),
  {
    section: BLKIO,
    title: 'blockIO.weight',
    needs: v1('blkio'),
    config: { '/linux/resources/blockIO': { weight: 300 } },
    steps: async (box) => {
      mkdirSync(cgroupFolder(box, 'blkio'), { recursive: true });
      const file = ['blkio.weight', 'blkio.bfq.weight'].find((name) => {
        return cgroupFile(box, 'blkio', name) !== '(absent)';
      });
      rmdirSync(cgroupFolder(box, 'blkio'));
      if (file === undefined) throw new Skip('the kernel has no blkio weight');
      await box.created();
      box.match(cgroupFile(box, 'blkio', file), /(^|default )300$/m, file);
    },
  },
];
