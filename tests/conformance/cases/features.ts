// features.md, and config.md on versions, unknown properties and annotations.

import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';

const FEATURES = 'features.md#features';
const VERSION = 'config.md#configSpecificationVersion';

interface Features {
  ociVersionMin: string;
  ociVersionMax: string;
  hooks?: string[];
  mountOptions?: string[];
  linux?: {
    namespaces?: string[];
    capabilities?: string[];
    cgroup?: Record<string, boolean>;
    seccomp?: { enabled?: boolean; actions?: string[]; operators?: string[]; archs?: string[] };
    mountExtensions?: { idmap?: { enabled?: boolean } };
    netDevices?: { enabled?: boolean };
    memoryPolicy?: { modes?: string[] };
  };
}

async function features(box: Box): Promise<Features> {
  const result = await box.call('features');
  box.succeeded(result, '`features` answers');
  return JSON.parse(result.out) as Features;
}

/** The mount options that a runtime MUST implement. */
const MUST = `
  async atime bind defaults dev diratime dirsync exec iversion lazytime loud noatime nodev nodiratime
  noexec noiversion nolazytime norelatime nostrictatime nosuid private rbind relatime remount ro
  rprivate rshared rslave runbindable rw shared silent slave strictatime suid sync unbindable`
  .trim()
  .split(/\s+/);

/** Every element of `wanted` must be in the list that `pick` finds. */
function lists(
  title: string,
  wanted: string[],
  pick: (all: Features) => string[] | undefined,
): Case {
  return {
    section: FEATURES,
    title,
    since: '1.1',
    steps: async (box) => {
      const found = pick(await features(box)) ?? [];
      box.equal(
        wanted.filter((one) => !found.includes(one)),
        [],
        'missing elements',
      );
    },
  };
}

const listed: Case[] = [
  lists(
    'hooks: all six kinds',
    ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop'],
    (all) => all.hooks,
  ),
  lists('mountOptions: all that are a MUST', MUST, (all) => all.mountOptions),
  lists(
    'linux.namespaces',
    ['cgroup', 'ipc', 'mount', 'network', 'pid', 'user', 'uts'],
    (all) => all.linux?.namespaces,
  ),
  lists('linux.capabilities', ['CAP_CHOWN', 'CAP_SYS_ADMIN', 'CAP_CHECKPOINT_RESTORE'], (all) => {
    return all.linux?.capabilities;
  }),
  lists(
    'linux.seccomp.actions',
    ['ALLOW', 'ERRNO', 'KILL', 'LOG', 'NOTIFY', 'TRACE', 'TRAP'].map((name) => `SCMP_ACT_${name}`),
    (all) => all.linux?.seccomp?.actions,
  ),
  lists(
    'linux.seccomp.operators',
    ['EQ', 'GE', 'GT', 'LE', 'LT', 'MASKED_EQ', 'NE'].map((name) => `SCMP_CMP_${name}`),
    (all) => all.linux?.seccomp?.operators,
  ),
  lists(
    'linux.seccomp.archs',
    ['AARCH64', 'X32', 'X86', 'X86_64'].map((name) => `SCMP_ARCH_${name}`),
    (all) => all.linux?.seccomp?.archs,
  ),
];

const versions: Case[] = [
  {
    section: 'features.md#featuresSpecificationVersion',
    title: 'ociVersionMin and ociVersionMax are accepted in a config',
    since: '1.1',
    steps: async (box) => {
      const { ociVersionMin, ociVersionMax } = await features(box);
      for (const version of [ociVersionMin, ociVersionMax]) {
        box.patch({ '/ociVersion': version });
        box.equal((await box.run('echo ran')).out.trim(), 'ran', `output with ${version}`);
      }
    },
  },
  {
    section: 'features.md#featuresSpecificationVersion',
    title: 'what a version introduced is in a Features structure of that version only',
    since: '1.1',
    steps: async (box) => {
      const all = await features(box);
      const max = Number.parseFloat(all.ociVersionMax);
      box.that(max >= 1, 'ociVersionMax', all.ociVersionMax);
      if (max < 1.3) box.equal([all.linux?.netDevices], [undefined], 'netDevices before 1.3');
      else box.equal(all.linux?.netDevices?.enabled, true, 'netDevices.enabled');
    },
  },
  ...['1.0.0', '1.0.2', '1.0.2-dev', '1.1.0', '1.2.1', '1.3.0'].map((version): Case => {
    const minor = Number(version.split('.')[1]);
    return {
      section: VERSION,
      title: `a config of version ${version} is accepted`,
      ...(minor > 0 ? { since: `1.${minor}` as '1.1' } : {}),
      config: { '/ociVersion': version },
      script: 'echo ran',
      prints: 'ran',
    };
  }),
  {
    section: VERSION,
    title: 'a config without ociVersion is refused',
    config: { '/ociVersion': undefined },
    refused: true,
  },
  {
    section: VERSION,
    title: 'an ociVersion that is no version is refused',
    config: { '/ociVersion': 'latest' },
    refused: true,
  },
  {
    section: VERSION,
    title: 'an ociVersion of another major version is refused',
    config: { '/ociVersion': '2.0.0' },
    refused: true,
  },
];

const extensibility: Case[] = [
  {
    section: 'config.md#configExtensibility',
    title: 'unknown properties are ignored, at every level',
    config: {
      '/unknown': { deep: [1, 2, 3] },
      '/process/unknown': true,
      '/process/user/unknown': 'x',
      '/root/unknown': 1,
      '/mounts/0/unknown': 1,
      '/linux/unknown': {},
      '/linux/resources/unknown': {},
      '/linux/namespaces/0/unknown': 'x',
    },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: 'config.md#configExtensibility',
    title: 'the properties of other platforms are ignored',
    config: { '/windows': { layerFolders: ['C:\\'] }, '/solaris': { milestone: 'x' } },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: 'config.md#configAnnotations',
    title: 'unknown annotations are ignored',
    config: { '/annotations': { 'org.opencontainers.unknown': 'x', 'a b/c': '' } },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: 'config.md#configAnnotations',
    title: 'an annotation that is not a string is refused',
    config: { '/annotations': { 'com.example.number': 5 } },
    refused: true,
  },
  ...(
    [
      ['/process/args', 'sh', 'args that are not an array'],
      ['/root', undefined, 'a config without root'],
      ['/root/path', undefined, 'a root without path'],
      ['/mounts', {}, 'mounts that are not an array'],
      ['/process/cwd', undefined, 'a process without cwd'],
    ] as const
  ).map(([pointer, value, what]): Case => {
    return {
      section: 'config.md#configuration',
      title: `${what} is refused`,
      steps: async (box) => {
        box.script('echo the program ran');
        box.patch({ [pointer]: value });
        const result = await box.run();
        box.failed(result, 'run');
        box.equal(result.out, '', 'output of the program');
      },
    };
  }),
];

export const featuresCases: Case[] = [...versions, ...listed, ...extensibility];
