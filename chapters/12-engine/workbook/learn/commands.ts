/** The commands of a learner; each is loaded when it is used. */

/** One command of ./workbook. */
export interface Command {
  /** As it is typed. What it is for is in the catalogue (messages/), as `about.NAME` and `help.NAME`. */
  readonly usage: string;
  run(args: readonly string[]): Promise<number>;
}

export const learnCommands: Readonly<Record<string, Command>> = {
  list: {
    usage: 'list [NN] [--json]',
    run: async (args) => (await import('./list.ts')).list(args),
  },
  start: {
    usage: 'start NN',
    run: async (args) => (await import('./start.ts')).start(args),
  },
  watch: {
    usage: 'watch [NN]',
    run: async (args) => (await import('./watch.ts')).watch(args),
  },
  hint: {
    usage: 'hint [NN.k]',
    run: async (args) => (await import('./hint.ts')).hint(args),
  },
  grade: {
    usage: 'grade [NN[.k] ...]',
    run: async (args) => (await import('./grade.ts')).grade(args),
  },
  explain: {
    usage: 'explain NN.k',
    run: async (args) => (await import('./explain.ts')).explainExercise(args),
  },
  run: {
    usage: 'run NN [--mine]',
    run: async (args) => (await import('./run.ts')).runChapter(args),
  },
  engine: {
    usage: 'engine [--mine NN,..] [CMD]',
    run: async (args) => (await import('./engine.ts')).engine(args),
  },
  reset: {
    usage: 'reset NN[.k]',
    run: async (args) => (await import('./reset.ts')).reset(args),
  },
  goto: {
    usage: 'goto NN',
    run: async (args) => (await import('./reset.ts')).goTo(args),
  },
};
