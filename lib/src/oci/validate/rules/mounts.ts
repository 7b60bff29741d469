/** Mounts: destinations, and the mappings of idmapped ones. */
import type { RuntimeConfig } from '../../config.ts';
import type { Mount } from '../../mount.ts';
import type { Report } from '../problem.ts';
import { checkMappings } from './mappings.ts';
import { hasNamespace } from './rule.ts';
import type { Rule } from './rule.ts';

export const mountRules: readonly Rule[] = [
  { reads: ['/mounts', '/linux/namespaces'], check: checkMounts },
];

function checkMounts(config: RuntimeConfig, report: Report): void {
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const at = `/mounts/${index}`;
    checkDestination(mount, at, report);
    checkIdMapping(mount, at, hasNamespace(config, 'user'), report);
  }
}

function checkDestination({ destination }: Mount, at: string, report: Report): void {
  if (destination === '') {
    const next = 'Name the place inside the container.';
    report.error(`${at}/destination`, destination, 'an absolute path', next);
  } else if (!destination.startsWith('/')) {
    const next = `"/${destination}" is used; relative destinations are deprecated.`;
    report.warn(`${at}/destination`, destination, 'an absolute path', next);
  }
}

/** config.md: the mappings come together; without them `idmap` takes the user namespace's. */
function checkIdMapping(mount: Mount, at: string, hasUserNs: boolean, report: Report): void {
  const { uidMappings, gidMappings, options = [] } = mount;
  const fields = [
    ['uidMappings', uidMappings, gidMappings],
    ['gidMappings', gidMappings, uidMappings],
  ] as const;
  for (const [field, own, other] of fields) {
    if (own !== undefined) checkMappings(own, `${at}/${field}`, report);
    if (own === undefined && other !== undefined) {
      const next = 'Give both uidMappings and gidMappings, or neither.';
      report.error(`${at}/${field}`, own, 'given together with the other mapping', next);
    }
  }
  const option = options.findIndex((name) => name === 'idmap' || name === 'ridmap');
  if (option >= 0 && uidMappings === undefined && gidMappings === undefined && !hasUserNs) {
    const next = 'Add uidMappings and gidMappings to the mount.';
    const allowed = 'used with mappings, or in a container with a user namespace';
    report.error(`${at}/options/${option}`, options[option], allowed, next);
  }
}
