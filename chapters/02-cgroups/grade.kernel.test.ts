import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('02-cgroups', 'kernel');
