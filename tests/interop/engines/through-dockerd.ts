/** Runs scenarios that only dockerd has, by the newest docker client of the machine. */
import { afterEach, beforeAll, describe } from 'vitest';
import type { DockerLike } from './docker-like.ts';
import { dockerClients, type Dockerd, type DockerdChoice } from './dockerd.ts';
import { because, leavesNothingBehind } from './each-engine.ts';
import { missing } from './runtime-under-test.ts';
import { Workplace } from './workplace.ts';

/** What a scenario gets; the functions answer from the first test on. */
export interface DockerdUnderTest {
  readonly docker: () => DockerLike;
  readonly dockerd: () => Dockerd;
  readonly place: () => Workplace;
}

/** Declares `scenarios`, and a last test that nothing was left behind. */
export function throughDockerd(
  scenarios: (under: DockerdUnderTest) => void,
  choice: DockerdChoice = {},
): void {
  const reason = missing('dockerd', 'containerd', 'docker');
  let place: Workplace;
  let dockerd: Dockerd;
  const docker = (): DockerLike => dockerd.client(dockerClients.at(-1) ?? 'docker');
  describe.skipIf(reason !== undefined)(`dockerd${because(reason)}`, () => {
    beforeAll(async () => {
      place = await Workplace.open();
      dockerd = await place.dockerd(choice);
    });
    afterEach(() => docker().removeAll());
    scenarios({ docker, dockerd: () => dockerd, place: () => place });
  });
  leavesNothingBehind(() => place);
}
