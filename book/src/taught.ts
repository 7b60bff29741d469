/** What the source of an exercise says to its reader: sentence, types, signatures, docstrings. */
import ts from 'typescript';
import { isExported, isInRegion, type Part } from '../../tests/grader/source/parts.ts';

export interface Taught {
  /** The file's first line, as a sentence: `From the list in config.json to …`. */
  readonly opening: string;
  /** Types that the file declares: the learner gets them. */
  readonly types: readonly string[];
  /** What the learner is to write. */
  readonly functions: readonly TaughtFunction[];
}

export interface TaughtFunction {
  readonly name: string;
  readonly signature: string;
  /** As it stands in the source, with its stars. */
  readonly docstring: string;
}

/** @throws Error if the file does not begin as an exercise does. */
export function readTaught(part: Part): Taught {
  const { statements } = ts.createSourceFile(part.file, part.text, ts.ScriptTarget.Latest, true);
  const isType = (each: ts.Statement): boolean =>
    ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each);
  const functions = statements.filter(ts.isFunctionDeclaration);
  return {
    opening: openingSentence(part),
    types: statements.filter(isType).map((each) => each.getText()),
    functions: functions
      .filter((each) => isInRegion(part, each) && isExported(each))
      .map((each) => readFunction(each, part.text)),
  };
}

function openingSentence({ text, path }: Part): string {
  const [, sentence] = /^\/\*\* Exercise [\d.]+: (.+?) \*\//.exec(text) ?? [];
  if (sentence === undefined) {
    throw new Error(`${path} does not begin with /** Exercise NN.k: what it is. */`);
  }
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

function readFunction(each: ts.FunctionDeclaration, text: string): TaughtFunction {
  const start = each.getStart();
  const end = each.body?.getStart() ?? each.getEnd();
  const comments = ts.getLeadingCommentRanges(text, each.getFullStart()) ?? [];
  const docstring = comments
    .map((range) => text.slice(range.pos, range.end))
    .findLast((comment) => comment.startsWith('/**'));
  return {
    name: each.name?.text ?? '',
    signature: `${text.slice(start, end).trimEnd()};`,
    docstring: docstring ?? '',
  };
}
