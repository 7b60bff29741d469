/** From an image to the config.json of a container (image-spec, conversion.md). */
import { planProcess } from '#parts/image/process.ts';
import { resolveUser } from '#parts/image/user.ts';
import { defaultSpec, type ImageConfig, type RuntimeConfig } from '../../oci/index.ts';
import type { ProcessOptions } from './process-plan.ts';
import { readUserFiles } from './user-files.ts';
import { volumeMounts } from './volumes.ts';

/** What the image does not say. */
export interface SpecOptions extends ProcessOptions {
  /** Whether the host has cgroup v2 alone. */
  readonly cgroup2?: boolean;
  readonly terminal?: boolean;
  readonly readonly?: boolean;
  readonly hostname?: string;
}

/** Capabilities that Docker and containerd give to a container by default. */
const CAPABILITIES = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
] as const;

/**
 * The config of a container of an image.
 *
 * @param rootfs the image, unpacked: its users are looked up there.
 * @throws ImageError INVALID_ARGUMENT for an unknown user, nothing to execute, or a volume at `/`.
 */
export function imageSpec(
  config: ImageConfig,
  rootfs: string,
  options: SpecOptions = {},
): RuntimeConfig {
  const { cgroup2, terminal = false, readonly = false, hostname } = options;
  const spec = defaultSpec({ ...(cgroup2 !== undefined && { cgroup2 }) });
  const { args, env, cwd, user } = planProcess(config.config ?? {}, options);
  const { passwd, group } = readUserFiles(rootfs);
  const { uid, gid, additionalGids } = resolveUser(user, passwd, group);
  const capabilities = [...CAPABILITIES];
  const { mounts = [] } = spec;
  return {
    ...spec,
    mounts: [...mounts, ...volumeMounts(config.config ?? {}, mounts, rootfs)],
    ...(hostname !== undefined && { hostname }),
    root: { path: 'rootfs', readonly },
    process: {
      ...spec.process,
      terminal,
      args,
      env: terminal && !env.some((each) => each.startsWith('TERM=')) ? [...env, 'TERM=xterm'] : env,
      cwd,
      // Without its own group among them, a set-group-id program could drop it (CVE-2022-36109).
      user: { uid, gid, additionalGids: [...new Set([gid, ...additionalGids])] },
      // Of another user than root the kernel takes the effective ones away at execve(2).
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    annotations: annotationsOf(config),
  };
}

/**
 * What conversion.md wants said about the image. Its labels stay out, though conversion.md would
 * have them here: to runtimes some annotations are orders (`org.systemd.property.…`,
 * `run.oci.…`), and an image is a stranger's.
 */
function annotationsOf(config: ImageConfig): Record<string, string> {
  const { os, architecture, variant, author, created, config: process = {} } = config;
  const prefix = 'org.opencontainers.image';
  const ports = Object.keys(process.ExposedPorts ?? {}).join(',');
  const entries: [name: string, value: string | undefined][] = [
    [`${prefix}.os`, os],
    [`${prefix}.architecture`, architecture],
    [`${prefix}.variant`, variant],
    [`${prefix}.author`, author],
    [`${prefix}.created`, created],
    [`${prefix}.stopSignal`, process.StopSignal],
    [`${prefix}.exposedPorts`, ports],
  ];
  const given = entries.filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given) as Record<string, string>;
}
