/** What a client of registries may be told. */
import type { Keychain } from '../auth/keychain.ts';
import { CERTIFICATES_DIRECTORY } from '../http/certificates.ts';
import { systemClock, type Clock } from '../http/clock.ts';
import type { RetryPolicy } from '../transfer/types.ts';

/** What a {@link Registry} may be told; all of it has defaults. */
export interface RegistryOptions {
  /** For each domain (`docker.io`), addresses that are asked before it, for reading only. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** Hosts, with their ports, that may be asked in the clear or with any certificate. */
  readonly insecure?: readonly string[];
  /** Docker's folder of certificates; default `/etc/docker/certs.d`. */
  readonly certificates?: string;
  /** Who asks; default nobody. */
  readonly keychain?: Pick<Keychain, 'get'>;
  readonly retry?: Partial<RetryPolicy>;
  /** Milliseconds without any byte, after which a connection counts as dead; default a minute. */
  readonly stallTimeout?: number;
  /** Where HTTPS_PROXY and the like are; default the environment of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

export type Settings = Required<Omit<RegistryOptions, 'retry' | 'insecure'>> & {
  readonly retry: RetryPolicy;
  readonly insecure: ReadonlySet<string>;
};

const RETRY: RetryPolicy = { tries: 5, firstWait: 500, longestWait: 60_000 };

export function settingsOf(options: RegistryOptions): Settings {
  return {
    mirrors: options.mirrors ?? {},
    insecure: new Set(options.insecure),
    certificates: options.certificates ?? CERTIFICATES_DIRECTORY,
    keychain: options.keychain ?? { get: () => Promise.resolve(undefined) },
    retry: { ...RETRY, ...options.retry },
    stallTimeout: options.stallTimeout ?? 60_000,
    environment: options.environment ?? process.env,
    clock: options.clock ?? systemClock,
  };
}
