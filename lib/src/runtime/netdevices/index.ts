export { NetDeviceError } from './errors.ts';
export { moveNetDevice, moveNetDevices, type NetDeviceMove } from './move.ts';
export type { NetworkNamespace } from './target.ts';
