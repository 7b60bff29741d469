export { parseReference } from '#parts/registry/reference.ts';
export { Registry } from './client/registry.ts';
export type { Reference } from './reference.ts';
