import { testGraders } from '../../tests/grader/chapter-suite.ts';

await testGraders('03-overlayfs', 'pure');
