export { compileSeccomp, type CompiledSeccomp, type CompileSeccompOptions } from './compile.ts';
export { SeccompError } from './errors.ts';
