import type { LinuxTimeOffsets } from '../oci/index.ts';
import type { CgroupPlaces } from './cgroups.ts';

/** What the operations need beside the plan. */
export interface NamespaceProgramOptions {
  readonly controlFd: number;
  /** A descriptor for each entry of `plan.join`, in its order. */
  readonly joinFds: readonly number[];
  /** Join the user namespace before the others: an unprivileged user has no rights until then. */
  readonly userFirst?: boolean;
  readonly timeOffsets?: LinuxTimeOffsets;
  readonly cgroups?: CgroupPlaces;
}
