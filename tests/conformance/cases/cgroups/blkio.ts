// config-linux.md, block IO: throttles and weight.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { cgroupFile } from '../../harness/observe.ts';

const BLKIO = 'config-linux.md#configLinuxBlockIO';

/** major:minor of the disk that holds the suite's files: the whole one, since no partition is limited. */
function disk(box: Box): [number, number] {
  const number = box.hostCommand('stat', '-c', '%d', box.dir).trim();
  const device = Number(number);
  const link = `/sys/dev/block/${(device >> 8) & 0xfff}:${device & 0xff}`;
  if (!existsSync(link)) throw new Skip('no disk below the suite');
  const folder = realpathSync(link);
  const whole = existsSync(`${folder}/partition`) ? dirname(folder) : folder;
  const [major = 0, minor = 0] = readFileSync(`${whole}/dev`, 'utf8').trim().split(':').map(Number);
  return [major, minor];
}

export const blkioCases: Case[] = [
  ...(
    [
      ['throttleReadBpsDevice', 'blkio.throttle.read_bps_device', 'rbps'],
      ['throttleWriteBpsDevice', 'blkio.throttle.write_bps_device', 'wbps'],
      ['throttleReadIOPSDevice', 'blkio.throttle.read_iops_device', 'riops'],
      ['throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device', 'wiops'],
    ] as const
  ).map(([name, file, key]): Case => {
    return {
      section: BLKIO,
      title: `blockIO.${name}`,
      needs: controlled('blkio'),
      steps: async (box) => {
        const [major, minor] = disk(box);
        const entry = { major, minor, rate: 1_048_576 };
        box.patch({ '/linux/resources/blockIO': { [name]: [entry] } });
        await box.created();
        if (box.host.cgroups === 'v2') {
          const line = new RegExp(`^${major}:${minor} .*\\b${key}=1048576\\b`);
          box.match(cgroupFile(box, 'blkio', 'io.max'), line, 'io.max');
        } else {
          box.equal(cgroupFile(box, 'blkio', file), `${major}:${minor} 1048576`, file);
        }
      },
    };
  }),
  {
    section: BLKIO,
    title: 'blockIO.weight',
    needs: controlled('blkio'),
    steps: async (box) => {
      await box.created();
      const names = ['blkio.weight', 'blkio.bfq.weight', 'io.weight', 'io.bfq.weight'];
      const file = names.find((name) => cgroupFile(box, 'blkio', name) !== '(absent)');
      box.succeeded(await box.delete('--force'), 'delete --force');
      if (file === undefined) throw new Skip('the kernel has no blkio weight');
      box.patch({ '/linux/resources/blockIO': { weight: 300 } });
      await box.created();
      // 10 to 1000 onto 1 to 10000, in a straight line.
      const wanted = file === 'io.weight' ? /^default 2930$/m : /(^|default )300$/m;
      box.match(cgroupFile(box, 'blkio', file), wanted, file);
    },
  },
];
