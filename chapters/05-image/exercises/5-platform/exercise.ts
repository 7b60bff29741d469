import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const NONE = 'no platform';

/** `linux/arm/v7`, as engines write it. */
function platform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

async function becomes(attempt: Attempt, text: string, expected: string): Promise<void> {
  const normalized = await attempt.call('normalizePlatform', platform(text));
  attempt.equal(normalized, platform(expected));
}

/** Of manifests for these platforms ({@link NONE} for one that has none) the number of the chosen one. */
async function chooses(
  attempt: Attempt,
  offered: readonly string[],
  wanted: string,
  expected: number | undefined,
): Promise<void> {
  const list = named(`[${offered.join(', ')}]`, offered.map(manifest));
  const found = await attempt.call('choosePlatform', list, named(wanted, platform(wanted)));
  attempt.equal(nameOf(found, offered), nameOf(manifestAt(offered, expected), offered));
}

function manifest(text: string, index: number): object {
  const digest = `sha256:${String(index).repeat(64)}`;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return { mediaType, digest, size: 500, ...(text !== NONE && { platform: platform(text) }) };
}

function manifestAt(offered: readonly string[], index: number | undefined): unknown {
  return index === undefined ? undefined : manifest(offered[index] ?? '', index);
}

/** `number 1, linux/arm/v7` for what is one of the list; else what it is. */
function nameOf(found: unknown, offered: readonly string[]): unknown {
  const digest = (found as { digest?: unknown } | undefined)?.digest;
  const index = offered.findIndex(
    (text, at) => digest === (manifest(text, at) as { digest: string }).digest,
  );
  return index < 0 ? found : `number ${index}, ${offered[index] ?? ''}`;
}

export const exercise: Exercise = {
  id: '05.5',
  points: 15,
  checks: [
    {
      id: 'words',
      async run(attempt) {
        for (const word of ['x86_64', 'x86-64', 'x64', 'amd64']) {
          await becomes(attempt, `linux/${word}`, 'linux/amd64');
        }
        await becomes(attempt, 'linux/aarch64', 'linux/arm64');
        await becomes(attempt, 'linux/i686', 'linux/386');
        await becomes(attempt, 'linux/riscv64', 'linux/riscv64');
      },
    },
    {
      id: 'no-word',
      async run(attempt) {
        await becomes(attempt, 'linux/constructor', 'linux/constructor');
        await becomes(attempt, 'linux/__proto__', 'linux/__proto__');
      },
    },
    {
      id: 'case',
      async run(attempt) {
        await becomes(attempt, 'Linux/X86_64', 'linux/amd64');
        await becomes(attempt, 'linux/ARM/V6', 'linux/arm/v6');
      },
    },
    {
      id: 'variant',
      async run(attempt) {
        await becomes(attempt, 'linux/arm/6', 'linux/arm/v6');
        await becomes(attempt, 'linux/arm/v5', 'linux/arm/v5');
        await becomes(attempt, 'linux/ppc64le/power9', 'linux/ppc64le/power9');
      },
    },
    {
      id: 'implied',
      async run(attempt) {
        await becomes(attempt, 'linux/arm', 'linux/arm/v7');
        await becomes(attempt, 'linux/arm/', 'linux/arm/v7');
        await becomes(attempt, 'linux/armhf', 'linux/arm/v7');
        await becomes(attempt, 'linux/armel', 'linux/arm/v6');
        await becomes(attempt, 'linux/armhf/v6', 'linux/arm/v6');
      },
    },
    {
      id: 'baseline',
      async run(attempt) {
        await becomes(attempt, 'linux/amd64/v1', 'linux/amd64');
        await becomes(attempt, 'linux/aarch64/8', 'linux/arm64');
        await becomes(attempt, 'linux/amd64/v3', 'linux/amd64/v3');
        await becomes(attempt, 'linux/arm/v8', 'linux/arm/v8');
      },
    },
    {
      id: 'no-variant',
      async run(attempt) {
        await becomes(attempt, 'linux/amd64/', 'linux/amd64');
        await becomes(attempt, 'linux/s390x', 'linux/s390x');
      },
    },
    {
      id: 'the-rest',
      async run(attempt) {
        const windows = { os: 'windows', architecture: 'x64', 'os.version': '10.0.20348.2700' };
        const expected = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2700' };
        attempt.equal(await attempt.call('normalizePlatform', windows), expected);
      },
    },
    {
      id: 'the-same',
      async run(attempt) {
        const offered = ['linux/arm64', 'linux/amd64', 'linux/s390x'];
        await chooses(attempt, offered, 'linux/amd64', 1);
        await chooses(attempt, offered, 'linux/s390x', 2);
        await chooses(attempt, offered, 'linux/riscv64', undefined);
        await chooses(attempt, [], 'linux/amd64', undefined);
      },
    },
    {
      id: 'other-system',
      async run(attempt) {
        await chooses(attempt, ['windows/amd64', 'linux/amd64'], 'linux/amd64', 1);
        await chooses(attempt, ['windows/amd64'], 'linux/amd64', undefined);
      },
    },
    {
      id: 'both-sides',
      async run(attempt) {
        await chooses(attempt, ['linux/arm64/v8'], 'linux/aarch64', 0);
        await chooses(attempt, ['linux/x86_64'], 'linux/amd64', 0);
      },
    },
    {
      id: 'lower-variant',
      async run(attempt) {
        await chooses(attempt, ['linux/arm/v6'], 'linux/arm/v7', 0);
        await chooses(attempt, ['linux/amd64'], 'linux/amd64/v3', 0);
      },
    },
    {
      id: 'higher-variant',
      async run(attempt) {
        await chooses(attempt, ['linux/arm/v7'], 'linux/arm/v6', undefined);
        await chooses(attempt, ['linux/amd64/v2'], 'linux/amd64', undefined);
      },
    },
    {
      id: 'the-highest',
      async run(attempt) {
        const offered = ['linux/arm/v5', 'linux/arm/v7', 'linux/arm/v6', 'linux/arm/v8'];
        await chooses(attempt, offered, 'linux/arm/v7', 1);
        await chooses(attempt, offered, 'linux/arm/v6', 2);
        await chooses(attempt, ['linux/arm64', 'linux/arm64/v9'], 'linux/arm64/v10', 1);
      },
    },
    {
      id: 'first-of-equals',
      async run(attempt) {
        await chooses(attempt, ['linux/arm/v7', 'linux/arm'], 'linux/arm/v7', 0);
        await chooses(attempt, ['linux/386', 'linux/amd64', 'linux/x64'], 'linux/amd64', 1);
      },
    },
    {
      id: 'first-number',
      async run(attempt) {
        await chooses(attempt, ['linux/arm64/v8.1'], 'linux/arm64/v9', 0);
        await chooses(attempt, ['linux/arm64/v8.1', 'linux/arm64/v8.2'], 'linux/arm64/v9', 0);
        await chooses(attempt, ['linux/ppc64le/power8'], 'linux/ppc64le/power9', 0);
      },
    },
    {
      id: 'without-platform',
      async run(attempt) {
        await chooses(attempt, [NONE], 'linux/amd64', 0);
        await chooses(attempt, [NONE, 'linux/amd64'], 'linux/amd64', 1);
        await chooses(attempt, ['linux/amd64', NONE], 'linux/amd64', 0);
      },
    },
    {
      id: 'unknown',
      async run(attempt) {
        await chooses(attempt, ['unknown/unknown', 'linux/amd64'], 'linux/amd64', 1);
        await chooses(attempt, ['unknown/unknown'], 'linux/amd64', undefined);
        await chooses(attempt, ['unknown/unknown', NONE], 'linux/amd64', 1);
      },
    },
    {
      id: 'any-platform',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('normalizePlatform', randomPlatform());
          const length = Math.floor(Math.random() * 5);
          const offered = Array.from({ length }, randomPlatform).map((each, index) => ({
            ...manifest(NONE, index),
            platform: each,
          }));
          await attempt.agrees('choosePlatform', offered, randomPlatform());
        }
      },
    },
  ],
  async show(attempt) {
    await becomes(attempt, 'Linux/aarch64/8', 'linux/arm64');
    await chooses(attempt, ['linux/arm/v6', 'linux/arm/v7'], 'linux/armhf', 1);
  },
};

function randomPlatform(): Platform {
  const some = (words: string): string => {
    const all = words.split(' ');
    return all[Math.floor(Math.random() * all.length)] ?? '';
  };
  const variant = some('- - v1 v2 v3 5 v6 V7 8');
  const architecture = some('amd64 x86_64 arm arm armhf ARMEL arm64 aarch64 386 s390x');
  return {
    os: some('linux linux Linux windows'),
    architecture,
    ...(variant !== '-' && { variant }),
  };
}
