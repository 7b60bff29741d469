/** The version, the root, the names of the machine, the annotations, and NUL bytes anywhere. */
import type { RuntimeConfig } from '../../config.ts';
import { pointerTo } from '../../schema/check.ts';
import { OCI_VERSION } from '../../version.ts';
import type { Report } from '../problem.ts';
import { hasNamespace } from './rule.ts';
import type { Rule } from './rule.ts';

export const documentRules: readonly Rule[] = [
  { reads: ['/ociVersion'], check: checkVersion },
  { reads: ['/root'], check: checkRoot },
  { reads: ['/hostname', '/domainname', '/linux/namespaces'], check: checkNames },
  { reads: ['/annotations'], check: checkAnnotations },
  { reads: [], check: checkNul },
];

const SEMVER =
  /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function checkVersion({ ociVersion }: RuntimeConfig, report: Report): void {
  const [, major, minor] = SEMVER.exec(ociVersion)?.map(Number) ?? [];
  const at = '/ociVersion';
  if (major === undefined || minor === undefined) {
    const next = `Write it in full, for instance "${OCI_VERSION}".`;
    report.error(at, ociVersion, 'a version in SemVer 2.0.0 form', next);
  } else if (major !== 1) {
    const next = `${major < 1 ? 'Update' : 'Make'} the bundle for version 1 of the specification.`;
    report.error(at, ociVersion, 'a version from 1.0.0 on and below 2.0.0', next);
  } else if (minor > NEWEST_MINOR) {
    const next = 'What newer versions have added is ignored.';
    report.warn(at, ociVersion, `at most ${OCI_VERSION} to be understood whole`, next);
  }
}

const NEWEST_MINOR = Number(OCI_VERSION.split('.')[1]);

function checkRoot({ root }: RuntimeConfig, report: Report): void {
  if (root.path === '') {
    const next = 'Name the directory, usually "rootfs".';
    report.error('/root/path', root.path, 'a path, absolute or relative to the bundle', next);
  }
}

/** __NEW_UTS_LEN of linux/utsname.h. */
const LONGEST_NAME = 64;

/** sethostname(2) and setdomainname(2) change the UTS namespace that the container is in. */
function checkNames(config: RuntimeConfig, report: Report): void {
  for (const field of ['hostname', 'domainname'] as const) {
    const name = config[field];
    if (name === undefined) continue;
    if (!hasNamespace(config, 'uts')) {
      const next = 'Add {"type": "uts"} to /linux/namespaces, or remove the name.';
      report.error(`/${field}`, name, 'absent without a UTS namespace', next);
    }
    if (Buffer.byteLength(name) > LONGEST_NAME) {
      const next = 'Choose a shorter name.';
      report.error(`/${field}`, name, `at most ${LONGEST_NAME} bytes long`, next);
    }
  }
}

function checkAnnotations({ annotations }: RuntimeConfig, report: Report): void {
  if (annotations !== undefined && Object.hasOwn(annotations, '')) {
    const next = 'Name it in reverse domain notation, such as "com.example.key".';
    report.error('/annotations/', annotations[''], 'under a key that is not empty', next);
  }
}

/** The kernel takes a NUL for the end of a string: what comes after would be lost unseen. */
function checkNul(config: RuntimeConfig, report: Report): void {
  if (holdsNul(config)) reportNul(config, '', report);
}

/** Nearly always false, so it finds out fast, without knowing where. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsNul);
}

function reportNul(value: unknown, pointer: string, report: Report): void {
  if (typeof value === 'string' && value.includes('\0')) {
    report.error(pointer, value, 'a string without NUL characters', 'Remove \\u0000.');
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      reportNul(item, pointerTo(pointer, name), report);
    }
  }
}
