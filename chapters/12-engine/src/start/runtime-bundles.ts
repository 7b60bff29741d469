/** The commands of `coracle-runtime` that have a bundle of their own. */
export const RUNTIME_BUNDLES = [
  'create',
  'delete',
  'exec',
  'kill',
  'run',
  'start',
  'state',
] as const;
