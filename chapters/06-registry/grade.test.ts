import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('06-registry', 'pure');
