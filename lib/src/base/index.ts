export { Cleanup } from './cleanup.ts';
export { CoracleError, messageOf } from './errors.ts';
export { Todo } from './todo.ts';
