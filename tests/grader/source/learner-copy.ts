/**
 * The learner's copy of a part, made from the reference: the starter, in which the taught bodies
 * are still to be written, or the solution.
 *
 * Both import lib by its package exports, since they lie in the chapter's folder.
 */
import path from 'node:path';
import ts from 'typescript';
import { isExported, isInRegion, type Part } from './parts.ts';

/** Text `[start, end)` of the original becomes `by`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** The taught functions without their bodies, their helpers gone; all else as it is. */
export function starterOf(part: Part): string {
  const source = parse(part);
  const inRegion = source.statements.filter((statement) => isInRegion(part, statement));
  const bodies = inRegion.filter(isExported).flatMap((statement) => todo(part, statement));
  const helpers = inRegion.filter((statement) => !isExported(statement) && !isType(statement));
  const removed = helpers.map((helper) => ({
    start: helper.getFullStart(),
    end: helper.getEnd(),
    by: '',
  }));
  const edits = [...importEdits(part, source), ...bodies, ...removed];
  const text = withoutMarkers(applyEdits(part.text, edits));
  const todoImport = `import { Todo } from 'coracle/base';\n`;
  const at = text.search(/^import /m);
  if (at >= 0) return text.slice(0, at) + todoImport + text.slice(at);
  // After the line that says what the exercise is.
  return text.replace(/^\/\*\* .*\n/, (first) => first + todoImport);
}

/** The reference, as it stands in the learner's folder. */
export function solutionOf(part: Part, text: string = part.text): string {
  const copy = { ...part, text };
  return withoutMarkers(applyEdits(text, importEdits(copy, parse(copy))));
}

function withoutMarkers(text: string): string {
  return text.replaceAll(/^\/\/ #(?:end)?region .*\n/gm, '');
}

function parse({ file, text }: Part): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function isType(statement: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function todo(part: Part, statement: ts.Statement): Edit[] {
  if (!ts.isFunctionDeclaration(statement) || statement.body === undefined) return [];
  const name = statement.name?.text ?? 'the function';
  const by = `{\n  throw new Todo('${part.id}', '${name}');\n}`;
  return [{ start: statement.body.getStart(), end: statement.body.getEnd(), by }];
}

function importEdits({ layer }: Part, source: ts.SourceFile): Edit[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!ts.isStringLiteral(moduleSpecifier)) return [];
    const by = `'${packageName(layer, moduleSpecifier.text)}'`;
    return [{ start: moduleSpecifier.getStart(), end: moduleSpecifier.getEnd(), by }];
  });
}

/** How the file `lib/src/LAYER/parts/x.ts` names a module → how the learner's copy names it. */
function packageName(layer: string, specifier: string): string {
  if (specifier.startsWith('#parts/')) return `coracle/${layer}`;
  if (!specifier.startsWith('.')) return specifier;
  const [named = ''] = path.posix.join(layer, 'parts', specifier).split('/');
  return `coracle/${named}`;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, by }) => result.slice(0, start) + by + result.slice(end), text);
}
