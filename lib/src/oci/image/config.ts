/** config.md of the image-spec: how a container of the image is to run, and its layers' DiffIDs. */
import type { Digest } from '../digest.ts';
import type { Platform } from './platform.ts';

export interface ImageConfig extends Platform {
  /** RFC 3339. */
  created?: string;
  author?: string;
  config?: ImageProcess;
  rootfs: {
    type: 'layers';
    /** The digests of the layers' uncompressed archives, the lowest first. */
    diff_ids: Digest[];
  };
  history?: ImageHistory[];
}

/** config.md, "config": the defaults of a container. The names are Docker's. */
export interface ImageProcess {
  /** `user`, `uid`, `user:group`, `uid:gid`, or mixed. */
  User?: string;
  /** `80/tcp` and so on, as keys. */
  ExposedPorts?: Record<string, Record<string, never>>;
  /** `NAME=value`. */
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  /** Paths as keys. */
  Volumes?: Record<string, Record<string, never>>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  /** A name or number of signal(7), such as `SIGTERM` or `15`. */
  StopSignal?: string;
  /** Docker's own; carried along. */
  Healthcheck?: unknown;
  ArgsEscaped?: boolean;
  OnBuild?: string[];
  Shell?: string[];
}

/** config.md, "history": how a layer was made. */
export interface ImageHistory {
  created?: string;
  created_by?: string;
  author?: string;
  comment?: string;
  /** Whether this step made no layer. */
  empty_layer?: boolean;
}
