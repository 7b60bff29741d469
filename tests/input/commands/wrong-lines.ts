/** Wrong command lines of `coracle-runtime`: what is wrong, and the arguments. */
export interface WrongLine {
  /** What is wrong, in a few words: the heading in the golden file. */
  readonly wrong: string;
  readonly args: readonly string[];
}

const line = (wrong: string, ...args: readonly string[]): WrongLine => ({ wrong, args });

/** `ROOT` stands for an empty state directory, `BUNDLE` for a bundle with `spec`'s config. */
export const WRONG_LINES: readonly WrongLine[] = [
  line('a command that there is not', 'strat', 'box'),
  line('help for a command that there is not', 'help', 'strat'),
  line('a global flag that there is not', '--rot', '/tmp', 'list'),
  line('a global flag without its value', '--root'),
  line('the root of the host as state directory', '--root', '/', 'list'),
  line('a log format that there is not', '--log-format', 'xml', 'list'),
  line('a log file in no directory', '--log', '/nowhere/at/all.log', 'list'),
  line('a rootless mode that there is not', '--rootless', 'maybe', 'list'),
  line('three dashes', '---root', '/tmp', 'list'),
  line('a flag that the command has not', 'delete', '--now', 'box'),
  line('a flag of another command', 'start', '--bundle', '/tmp', 'box'),
  line('a flag without its value', 'create', 'box', '--bundle'),
  line('a number that is none', 'create', '--preserve-fds', 'many', 'box'),
  line('a yes or no that is neither', 'delete', '--force=maybe', 'box'),
  line('a duration without a unit', 'events', '--interval', '5', 'box'),
  line('no container', 'start'),
  line('an empty name', 'start', ''),
  line('two containers', 'delete', 'one', 'two'),
  line('too many arguments', 'kill', 'box', 'KILL', 'now'),
  line('an argument where there is none', 'list', 'box'),
  line('a name that is a path', '--root', 'ROOT', 'state', '../box'),
  line('a container that there is not', '--root', 'ROOT', 'state', 'box'),
  line('to start one that there is not', '--root', 'ROOT', 'start', 'box'),
  line('to signal one that there is not', '--root', 'ROOT', 'kill', 'box', 'NOSUCH'),
  line('to exec in one that there is not', '--root', 'ROOT', 'exec', 'box', 'true'),
  line('to update one that there is not', '--root', 'ROOT', 'update', '--memory', '1g', 'box'),
  line('a list in another form', '--root', 'ROOT', 'list', '--format', 'yaml'),
  line('a list of a root that is not there', '--root', 'ROOT/none', 'list'),
  line('a bundle that is not there', '--root', 'ROOT', 'create', '-b', 'ROOT/none', 'box'),
  line('a bundle without a config', '--root', 'ROOT', 'run', '-b', 'ROOT', 'box'),
  line('descriptors that are not open', '--root', 'ROOT', 'run', '--preserve-fds=500', 'box'),
  line('fewer than no descriptors', '--root', 'ROOT', 'run', '--preserve-fds=-1', 'box'),
  line('a spec where there is one', 'spec', '--bundle', 'BUNDLE'),
  line('a spec for no bundle', 'spec', '--bundle', 'ROOT/none'),
  line('a checkpoint', 'checkpoint', '--image-path', '/tmp', 'box'),
  line('a restore', 'restore', 'box'),
];
