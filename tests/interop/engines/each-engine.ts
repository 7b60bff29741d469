/**
 * Runs the same scenarios through podman and through dockerd, the latter once with each docker
 * client of the machine: a scenario holds for the runtime, whichever engine drives it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CgroupParent } from './cgroup-parent.ts';
import type { DockerLike } from './docker-like.ts';
import { clientVersion, dockerClients, type Dockerd } from './dockerd.ts';
import { missing } from './runtime-under-test.ts';
import { Workplace } from './workplace.ts';

export interface EngineUnderTest {
  readonly kind: 'docker' | 'podman';
  /** The client; there from the first test on. */
  readonly engine: () => DockerLike;
  /** A folder for files that a container shares with the test. */
  readonly folder: () => string;
  /** The cgroup below which every container is. */
  readonly cgroupParent: () => CgroupParent;
}

export interface Choice {
  /** Every docker client, or, where the client cannot matter, the newest alone. */
  readonly clients?: 'every' | 'newest';
}

const versions = await Promise.all(
  dockerClients.map(async (path) => ({ path, version: await clientVersion(path) })),
);

/** Declares `scenarios` for each engine, and a last test that nothing was left behind. */
export function throughEachEngine(
  scenarios: (under: EngineUnderTest) => void,
  choice: Choice = {},
): void {
  let place: Workplace;
  beforeAll(async () => {
    if (missing() === undefined) place = await Workplace.open();
  });
  throughPodman(() => place, scenarios);
  throughDockerd(() => place, scenarios, choice);
  leavesNothingBehind(() => place);
}

/** The last test of a file: ends the engines and compares the machine with before. */
export function leavesNothingBehind(place: () => Workplace): void {
  let closed = false;
  test.skipIf(missing() !== undefined)('nothing is left on the machine', async () => {
    closed = true;
    expect(await place().close()).toEqual([]);
  });
  afterAll(async () => {
    // Also when a filter left the last test out.
    if (missing() === undefined && !closed) await place().close();
  });
}

/** What a suite's name says about why it is skipped: nothing if there is no reason. */
export function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (skipped: ${reason})`;
}

function throughPodman(place: () => Workplace, scenarios: (under: EngineUnderTest) => void): void {
  const reason = missing('podman', 'conmon');
  describe.skipIf(reason !== undefined)(`podman${because(reason)}`, () => {
    let podman: DockerLike;
    beforeAll(async () => {
      podman = await place().podman();
    });
    afterEach(() => podman.removeAll());
    scenarios({
      kind: 'podman',
      engine: () => podman,
      folder: () => place().folder,
      cgroupParent: () => place().cgroupParent,
    });
  });
}

function throughDockerd(
  place: () => Workplace,
  scenarios: (under: EngineUnderTest) => void,
  { clients = 'every' }: Choice,
): void {
  const reason = missing('dockerd', 'containerd', 'docker');
  describe.skipIf(reason !== undefined)(`dockerd${because(reason)}`, () => {
    let dockerd: Dockerd;
    beforeAll(async () => {
      dockerd = await place().dockerd();
    });
    describe.each(clients === 'every' ? versions : versions.slice(-1))(
      'by docker $version',
      ({ path }) => {
        const engine = (): DockerLike => dockerd.client(path);
        afterEach(() => engine().removeAll());
        scenarios({
          kind: 'docker',
          engine,
          folder: () => place().folder,
          cgroupParent: () => place().cgroupParent,
        });
      },
    );
  });
}
