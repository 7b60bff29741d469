/** The commands of a learner; each is loaded when it is used. */

/** One command of ./workbook. */
export interface Command {
  readonly usage: string;
  readonly about: string;
  /** More for `--help`: options, keys, exit codes. */
  readonly help?: string;
  run(args: readonly string[]): Promise<number>;
}

export const learnCommands: Readonly<Record<string, Command>> = {
  list: {
    usage: 'list [NN] [--json]',
    about: 'chapters, exercises, and what you have reached',
    run: async (args) => (await import('./list.ts')).list(args),
  },
  start: {
    usage: 'start NN',
    about: "put a chapter's exercises into chapters/NN-name/mine/, for you to write",
    help: 'Files that are there already are left as they are.',
    run: async (args) => (await import('./start.ts')).start(args),
  },
  watch: {
    usage: 'watch [NN]',
    about: 'run the checks of an exercise whenever you save its file',
    help: 'Keys: h hint, n next exercise, l list, r run again, q quit.',
    run: async (args) => (await import('./watch.ts')).watch(args),
  },
  hint: {
    usage: 'hint [NN.k]',
    about: 'help with what your code does now; ask again for more',
    help: 'Four rungs: a question, how it really works, the steps of a solution, the difference from it.',
    run: async (args) => (await import('./hint.ts')).hint(args),
  },
  grade: {
    usage: 'grade [NN[.k] ...]',
    about: 'run the checks: of all that you have begun, or of these chapters',
    help:
      '  --json              results, for programs\n' +
      '  --junit             JUnit XML\n' +
      '  --gradescope        results.json of a Gradescope autograder\n' +
      '  --exercism FILE     results.json of an Exercism test runner, written to FILE\n' +
      '  --from FOLDER       files that somebody has handed in: FOLDER/NN-name/mine/, FOLDER/NN-name/ or FOLDER/\n\n' +
      'Exit code 0 if all that could be run has passed, 1 if not, 2 for a wrong command line.\n' +
      'Checks that need Linux and root are "not run" without them, and cost no points.',
    run: async (args) => (await import('./grade.ts')).grade(args),
  },
  explain: {
    usage: 'explain NN.k',
    about: 'show what your function makes, as annotated strace lines',
    run: async (args) => (await import('./explain.ts')).explainExercise(args),
  },
  run: {
    usage: 'run NN [--mine]',
    about: "run the chapter's own demonstration, with --mine on your code",
    run: async (args) => (await import('./run.ts')).runChapter(args),
  },
  engine: {
    usage: 'engine [--mine NN,..] [CMD]',
    about: 'run a container, or any command, on an engine with your chapters in it',
    help:
      '  --mine 01,03        the chapters that are yours; all others are the reference\n\n' +
      "Without CMD the demo's container runs. With it coracle-runtime is on its PATH, and every\n" +
      'process of Coracle that it starts runs on your chapters.',
    run: async (args) => (await import('./engine.ts')).engine(args),
  },
  reset: {
    usage: 'reset NN[.k]',
    about: 'begin a chapter or an exercise again; what you have is saved first',
    run: async (args) => (await import('./reset.ts')).reset(args),
  },
  goto: {
    usage: 'goto NN',
    about: 'begin at a chapter, with the reference before it; what you have is saved first',
    run: async (args) => (await import('./reset.ts')).goTo(args),
  },
};
