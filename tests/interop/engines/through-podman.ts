/** Runs scenarios that only podman has. */
import { afterEach, beforeAll, describe } from 'vitest';
import { because, leavesNothingBehind } from './each-engine.ts';
import type { Podman } from './podman.ts';
import { missing } from './runtime-under-test.ts';
import { Workplace } from './workplace.ts';

/** What a scenario gets; the functions answer from the first test on. */
export interface PodmanUnderTest {
  readonly podman: () => Podman;
  readonly place: () => Workplace;
}

/** Declares `scenarios`, and a last test that nothing was left behind. */
export function throughPodman(scenarios: (under: PodmanUnderTest) => void): void {
  const reason = missing('podman', 'conmon');
  let place: Workplace;
  let podman: Podman;
  describe.skipIf(reason !== undefined)(`podman${because(reason)}`, () => {
    beforeAll(async () => {
      place = await Workplace.open();
      podman = await place.podman();
    });
    afterEach(() => podman.removeAll());
    scenarios({ podman: () => podman, place: () => place });
  });
  leavesNothingBehind(() => place);
}
