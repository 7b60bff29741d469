import type { Credentials } from './types.ts';

/** Who asks which registry. */
export interface Keychain {
  get(domain: string, signal?: AbortSignal): Promise<Credentials | undefined>;
}
