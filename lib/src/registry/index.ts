export {
  RegistryError,
  shown,
  shownUrl,
  type RegistryErrorCode,
  type RegistryErrorDetails,
} from './errors.ts';
export {
  DEFAULT_DOMAIN,
  isTag,
  LEGACY_DEFAULT_DOMAIN,
  manifestName,
  MAX_NAME_LENGTH,
  OFFICIAL_PREFIX,
  withDefaultTag,
  type Reference,
} from './reference.ts';
export { canonicalName, familiarName, parseReference } from '#parts/registry/reference.ts';
export { parseChallenges } from '#parts/registry/challenge.ts';
export { basicAuthorization, tokenRequest, tokenServer } from '#parts/registry/token-request.ts';
export { locationFrom, maySendCredentials } from '#parts/registry/credentials-for.ts';
export { readRetryAfter, retryWait } from '#parts/registry/retry.ts';
export { planBody } from '#parts/registry/range.ts';
export { nextPage } from '#parts/registry/pages.ts';
export {
  CLIENT_ID,
  MAX_CHALLENGE_LENGTH,
  type Challenge,
  type Credentials,
  type TokenRequest,
} from './auth/types.ts';
export { dockerKeychain, type Keychain, type KeychainOptions } from './auth/keychain.ts';
export {
  PASSING_FAILURES,
  type Failure,
  type RangeResponse,
  type RangeStep,
  type RetryPolicy,
} from './transfer/types.ts';
export type { Clock } from './http/clock.ts';
export { isLoopback } from './http/loopback.ts';
export { Registry } from './client/registry.ts';
export type { RegistryOptions } from './client/options.ts';
export type { BlobOptions } from './client/blob.ts';
export type { KeepOptions } from './client/ingest.ts';
export type { Expected, FetchedManifest } from './client/manifest.ts';
export type { OnProgress, Progress } from './client/progress.ts';
export type { PullOptions } from './client/pull.ts';
export type { PushOptions } from './client/push.ts';
export type { Uploaded } from './client/upload.ts';
export type { UploadOptions } from './client/upload-steps.ts';
export { folderNames } from './server/folder-names.ts';
export type { ManifestRecord, RegistryNames } from './server/names.ts';
export { serveRegistry, type RegistryServer, type ServeOptions } from './server/serve.ts';
