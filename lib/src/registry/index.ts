export { Registry } from './client/registry.ts';
