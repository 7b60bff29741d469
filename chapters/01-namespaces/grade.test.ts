import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('01-namespaces', 'pure');
