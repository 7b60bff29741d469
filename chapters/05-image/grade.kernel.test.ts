import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('05-image', 'kernel');
