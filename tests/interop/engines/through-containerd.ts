/** Runs scenarios with one containerd, which is started for them and compared with afterwards. */
import { afterEach, beforeAll, describe } from 'vitest';
import type { Containerd } from './containerd.ts';
import { because, leavesNothingBehind } from './each-engine.ts';
import { missing } from './runtime-under-test.ts';
import { Workplace } from './workplace.ts';

/** What a scenario gets; the functions answer from the first test on. */
export interface ContainerdUnderTest {
  readonly engine: () => Containerd;
  readonly place: () => Workplace;
}

/** Declares `scenarios`, and a last test that nothing was left behind. */
export function throughContainerd(scenarios: (under: ContainerdUnderTest) => void): void {
  const reason = missing('containerd', 'ctr', 'containerd-shim-runc-v2');
  let place: Workplace;
  let engine: Containerd;
  describe.skipIf(reason !== undefined)(`containerd${because(reason)}`, () => {
    beforeAll(async () => {
      place = await Workplace.open();
      engine = await place.containerd();
    });
    afterEach(() => engine.removeAll());
    scenarios({ engine: () => engine, place: () => place });
  });
  leavesNothingBehind(() => place);
}
