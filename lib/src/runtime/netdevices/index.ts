export { NetDeviceError } from './errors.ts';
export { moveNetDevices } from './move.ts';
export type { NetworkNamespace } from './target.ts';
