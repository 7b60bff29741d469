// config-linux.md, network devices that are moved into the container.

import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';

const NET_DEVICES = 'config-linux.md#configLinuxNetworkDevices';

/** A veth pair of the host; answers the name of the end that is to be moved. */
function veth(box: Box, address?: string): string {
  const suffix = `${process.pid % 10_000}${box.runtime.name.slice(0, 2)}`;
  const [one, two] = [`cfa${suffix}`, `cfb${suffix}`];
  box.hostCommand('ip', 'link', 'add', one, 'type', 'veth', 'peer', 'name', two);
  // Deleting one end deletes both; moved into a namespace that is gone they are gone already.
  box.undo.push(() => void box.hostCommand('sh', '-c', `ip link del ${two} 2>/dev/null || true`));
  box.hostCommand('ip', 'link', 'set', two, 'up');
  if (address !== undefined) box.hostCommand('ip', 'addr', 'add', address, 'dev', one);
  return one;
}

export const netDevicesCases: Case[] = [
  {
    section: NET_DEVICES,
    title: 'a device is moved, renamed and set up',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'inside0' } } });
      await box.prints('ip link show inside0', /inside0@.*[<,]UP[,>]/);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device keeps its name when none is given, and leaves the host',
    since: '1.3',
    steps: async (box) => {
      const name = veth(box);
      box.patch({ '/linux/netDevices': { [name]: {} } });
      await box.started();
      const inside = await box.exec('ls /sys/class/net');
      box.match(inside.out, new RegExp(`^${name}$`, 'm'), 'devices inside');
      const outside = box.hostCommand('ls', '/sys/class/net');
      box.that(!outside.split('\n').includes(name), 'it is no longer outside', outside);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device keeps its permanent global addresses',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box, '10.213.7.1/24')]: { name: 'inside0' } } });
      await box.prints('ip -4 addr show inside0', /inet 10\.213\.7\.1\/24/);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a name template gets a free number',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'tpl%d' } } });
      await box.prints('ls /sys/class/net', /^tpl0$/m);
    },
  },
  {
    section: NET_DEVICES,
    title: 'a name that is taken in the container is an error',
    since: '1.3',
    steps: async (box) => {
      box.patch({ '/linux/netDevices': { [veth(box)]: { name: 'lo' } } });
      await box.refuses();
    },
  },
  {
    section: NET_DEVICES,
    title: 'a device that the host does not have is an error',
    since: '1.3',
    config: { '/linux/netDevices': { nosuchdev0: {} } },
    refused: true,
  },
];
