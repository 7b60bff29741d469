/**
 * Works on a store of snapshots, for so many rounds or until it is killed, and tells on standard
 * output what has been acknowledged: `prepared KEY`, `committed NAME`, `removed KEY`.
 */
import { writeFileSync, writeSync } from 'node:fs';
import { createSnapshotter, nativeDriver, overlayDriver } from '../../src/overlayfs/index.ts';

const [root = '', driver = '', prefix = '', rounds = 'Infinity'] = process.argv.slice(2);
const snapshots = createSnapshotter(root, driver === 'native' ? nativeDriver() : overlayDriver(), {
  durable: false,
});
const tell = (what: string): void => {
  writeSync(1, `${what}\n`);
};

tell('started');
for (let round = 0; round < Number(rounds); round += 1) {
  const name = `${prefix}-${round}`;
  const [mount] = await snapshots.prepare(`making-${name}`, 'base');
  tell(`prepared making-${name}`);
  const upper = mount?.options.find((option) => option.startsWith('upperdir='))?.slice(9);
  writeFileSync(`${upper ?? mount?.source ?? ''}/file`, name);
  await snapshots.commit(name, `making-${name}`);
  tell(`committed ${name}`);
  await snapshots.view(`view-${name}`, name);
  tell(`prepared view-${name}`);
  await snapshots.remove(`view-${name}`);
  tell(`removed view-${name}`);
  await snapshots.remove(name);
  tell(`removed ${name}`);
}
