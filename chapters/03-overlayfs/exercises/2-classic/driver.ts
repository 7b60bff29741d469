/** Mounts three layers by the learner's choice of names, with mount(2). */
import { mountOverlay, planOverlay, type ClassicMount, type OverlaySpec } from 'coracle/overlayfs';
import { makeDirectory, setStage } from '../stage.ts';

interface Learner {
  readonly planClassic: (
    spec: OverlaySpec,
    features: readonly object[],
    pageSize: number,
  ) => ClassicMount;
}

interface Input {
  readonly pageSize: number;
  /** The layers have long names and little in common. */
  readonly apart?: boolean;
}

export function mountLayers({ planClassic }: Learner, { pageSize, apart = false }: Input): void {
  setStage();
  const place = (name: string): string => (apart ? `${name.repeat(30)}/layer` : `l/${name}`);
  const lower = [
    makeDirectory(place('3'), { top: '3', shared: '3' }),
    makeDirectory(place('2'), { middle: '2', shared: '2' }),
    makeDirectory(place('1'), { bottom: '1', shared: '1' }),
  ];
  const spec = { lower, upper: makeDirectory('u'), work: makeDirectory('w') };
  const classic = planClassic(spec, [{ key: 'index', value: 'off' }], pageSize);
  mountOverlay({ ...planOverlay(spec), classic }, makeDirectory('merged'), { api: 'classic' });
}
