/** Mounts two layers with odd names by an option string of the learner's. */
import { mount } from 'coracle/sys';
import { makeDirectory, setStage } from '../stage.ts';

interface Learner {
  readonly escapePath: (path: string) => string;
}

export function mountOdd({ escapePath }: Learner): void {
  setStage();
  const layers = [
    makeDirectory('a,b', { one: '1' }),
    makeDirectory(String.raw`c:d\e`, { two: '2' }),
  ];
  const options = `lowerdir=${layers.map((layer) => escapePath(layer)).join(':')}`;
  mount('overlay', makeDirectory('merged'), 'overlay', 0, options);
}
