import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('04-runtime', 'pure');
