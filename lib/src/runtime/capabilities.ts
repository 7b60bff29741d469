/** Capabilities that this process cannot give, since it does not have them (capabilities(7)). */
import { separates, type NamespacePlan } from '../namespaces/index.ts';
import { CAPABILITY_NAMES, type LinuxCapabilities, type Process } from '../oci/index.ts';
import { LINUX_CAPABILITY_VERSION_3, syscall } from '../sys/index.ts';

/**
 * A process without the capabilities that cannot be granted, each of which is warned about
 * (config.md, "Linux Process"). In a user namespace of its own a process has them all.
 */
export function withGrantableCapabilities(
  process: Process | undefined,
  namespaces: NamespacePlan,
  warn: (message: string) => void,
): Process | undefined {
  if (process?.capabilities === undefined || separates(namespaces, 'user')) return process;
  const permitted = permittedCapabilities();
  const refused = new Set<string>();
  const grant = (names: readonly string[] = []): string[] =>
    names.filter((name) => {
      const number = CAPABILITY_NAMES.findIndex((candidate) => candidate === name);
      const granted = number < 0 || (permitted & (1n << BigInt(number))) !== 0n;
      if (!granted) refused.add(name);
      return granted;
    });
  const {
    bounding = [],
    effective,
    permitted: wanted,
    inheritable,
    ambient,
  } = process.capabilities;
  const capabilities: LinuxCapabilities = {
    bounding,
    effective: grant(effective),
    permitted: grant(wanted),
    inheritable: grant(inheritable),
    ambient: grant(ambient),
  };
  if (refused.size > 0) {
    warn(
      `/process/capabilities: ${[...refused].join(', ')} cannot be granted: the runtime has not got them itself`,
    );
  }
  return { ...process, capabilities };
}

/** `int capget(cap_user_header_t hdrp, cap_user_data_t datap)` of this process: the permitted set. */
function permittedCapabilities(): bigint {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(LINUX_CAPABILITY_VERSION_3, 0);
  const data = Buffer.alloc(24);
  syscall('capget', header, data);
  return BigInt(data.readUInt32LE(4)) | (BigInt(data.readUInt32LE(16)) << 32n);
}
