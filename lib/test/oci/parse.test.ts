import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, parseProcess, parseResources } from '../../src/oci/index.ts';
import type { ValidationError } from '../../src/oci/index.ts';
import { completeConfig } from './complete.ts';

const minimal = { ociVersion: '1.0.2', root: { path: 'rootfs' } };

/** What parseConfig throws for `value`. */
function errorFor(value: unknown): ConfigError {
  try {
    parseConfig(JSON.stringify(value), 'config.json');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function warningsFor(value: unknown): ValidationError[] {
  const warnings: ValidationError[] = [];
  const onWarning = (warning: ValidationError) => warnings.push(warning);
  parseConfig(JSON.stringify(value), 'config.json', { onWarning });
  return warnings;
}

describe('reading a config.json', () => {
  it('keeps everything that it knows, without a warning', () => {
    const config = completeConfig();
    expect(parseConfig(JSON.stringify(config), 'config.json')).toEqual(config);
    expect(warningsFor(config)).toEqual([]);
  });

  it.each(['1.0.0', '1.0.2-dev', '1.1.0', '1.2.1+build.5', '1.3.0', '1.0.0-rc5'])(
    'accepts version %s',
    (ociVersion) => {
      expect(warningsFor({ ...minimal, ociVersion })).toEqual([]);
    },
  );

  it('keeps a limit of 2^64 - 1 exact', () => {
    const text = `{"ociVersion":"1.3.0","root":{"path":"r"},"process":{"cwd":"/","args":["sh"],
      "rlimits":[{"type":"RLIMIT_CORE","soft":18446744073709551615,"hard":18446744073709551615}]}}`;
    const [limit] = parseConfig(text, 'config.json').process?.rlimits ?? [];
    expect(limit?.soft).toBe(0xffff_ffff_ffff_ffffn);
  });

  it('takes null and empty optional strings for absent, as Go does', () => {
    const config = {
      ...minimal,
      hostname: '',
      mounts: null,
      annotations: { kept: '' },
      linux: {
        namespaces: [{ type: 'pid', path: '' }],
        rootfsPropagation: '',
        resources: { memory: null, devices: [{ allow: false, type: '', access: '' }] },
      },
    };
    expect(parseConfig(JSON.stringify(config), 'config.json')).toEqual({
      ...minimal,
      annotations: { kept: '' },
      linux: { namespaces: [{ type: 'pid' }], resources: { devices: [{ allow: false }] } },
    });
  });

  it('makes a missing user root', () => {
    const process = { cwd: '/', args: ['sh'] };
    expect(parseConfig(JSON.stringify({ ...minimal, process }), 'c').process?.user).toEqual({
      uid: 0,
      gid: 0,
    });
    const half = { ...process, user: { gid: 5 } };
    expect(parseProcess(JSON.stringify(half), 'p').user).toEqual({ uid: 0, gid: 5 });
  });

  it('drops a seccomp section without an action, and warns', () => {
    const config = { ...minimal, linux: { seccomp: { defaultAction: '' } } };
    expect(parseConfig(JSON.stringify(config), 'config.json').linux).toEqual({});
    expect(warningsFor(config).map(({ pointer }) => pointer)).toEqual([
      '/linux/seccomp/defaultAction',
    ]);
  });
});

describe('what is odd but harmless', () => {
  it.each([
    ['/ociVersion', { ociVersion: '1.9.0' }],
    ['/mounts/0/destination', { mounts: [{ destination: 'data' }] }],
    ['/linux/personality/flags', { linux: { personality: { domain: 'LINUX', flags: ['X'] } } }],
    ['/linux/resources/memory/kernel', { linux: { resources: { memory: { kernel: 5 } } } }],
    [
      '/process/capabilities/bounding/0',
      { process: { cwd: '/', args: ['sh'], capabilities: { bounding: ['CAP_KILLER'] } } },
    ],
    [
      '/linux/uidMappings',
      {
        linux: {
          namespaces: [{ type: 'user', path: '/proc/1/ns/user' }],
          uidMappings: [{ containerID: 0, hostID: 0, size: 1 }],
        },
      },
    ],
  ])('is a warning at %s', (pointer, part) => {
    expect(warningsFor({ ...minimal, ...part }).map((warning) => warning.pointer)).toEqual([
      pointer,
    ]);
  });
});

describe('a config with problems', () => {
  it('is refused with all of them, of structure and of meaning, at once', () => {
    const error = errorFor({
      ociVersion: '2.0.0',
      process: { cwd: 'tmp', args: ['sh'], user: { uid: '0' } },
      hostname: 'h',
    });
    expect(error.problems.map(({ pointer }) => pointer)).toEqual([
      '/root',
      '/process/user/uid',
      '/ociVersion',
      '/hostname',
      '/process/cwd',
    ]);
    expect(error.code).toBe('ERR_CONFIG_INVALID');
    expect(error.path).toBe('config.json');
    expect(error.message.split('\n')).toHaveLength(6);
  });

  it('does not judge the meaning of what has the wrong structure', () => {
    const error = errorFor({ ...minimal, hostname: 'h', linux: { namespaces: {} } });
    expect(error.problems.map(({ pointer }) => pointer)).toEqual(['/linux/namespaces']);
  });

  it('lists no more problems than somebody would read', () => {
    const env = Array.from({ length: 200 }, () => 'novalue');
    const { message, problems } = errorFor({
      ...minimal,
      process: { cwd: '/', args: ['sh'], env },
    });
    expect(problems).toHaveLength(200);
    expect(message.split('\n')).toHaveLength(52);
    expect(message).toMatch(/and 150 more problems$/);
  });

  it('says of text that is no JSON where it stops being so', () => {
    const parse = () => parseConfig('{"ociVersion": 1,}', '/b/config.json');
    expect(parse).toThrow(/^\/b\/config\.json is invalid: the document: found text that is not/);
  });

  it.each([['[]'], ['"text"'], ['null'], ['7']])('is refused when it is %s', (text) => {
    expect(() => parseConfig(text, 'config.json')).toThrow(/must be an object/);
  });
});

describe('parts on their own', () => {
  it('point into themselves and cite the section', () => {
    const parse = () => parseProcess('{"cwd": "tmp", "args": []}', 'process.json');
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(/\n {2}\/cwd: .*\(config\.md, "Process"\)\n {2}\/args: /);
  });

  it('are resources, too', () => {
    expect(parseResources('{"memory": {"limit": 9223372036854775807}}', 'r')).toEqual({
      memory: { limit: 9223372036854775807n },
    });
    expect(() => parseResources('{"unified": {"../x": "1"}}', '-')).toThrow(
      /^- is invalid: \/unif/,
    );
  });
});
