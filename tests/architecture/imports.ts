/** Reads which modules a TypeScript file imports, from its syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** One import: the file that has it (from the repository root), its line, and what it names. */
export interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
}

/** Every import of every TypeScript file under `folders`; paths are relative to `root`. */
export function importsOfTree(root: string, folders: readonly string[]): Import[] {
  return folders
    .flatMap((folder) => typescriptFiles(root, folder))
    .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')));
}

/**
 * The imports of one file: static, re-exported, type-only, `import('...')` as an expression and
 * as a type, and `require('...')`. An import whose name is computed is out of reach.
 */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== undefined && ts.isStringLiteralLike(name)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, specifier: name.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All `.ts` files under a folder, without what is installed or built. */
export function typescriptFiles(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return isForeign(entry.name) ? [] : typescriptFiles(root, file);
    return entry.isFile() && entry.name.endsWith('.ts') ? [file] : [];
  });
}

function isForeign(folder: string): boolean {
  return ['node_modules', 'dist', 'mine'].includes(folder);
}

/** The node that names the imported module, if `node` imports one. */
function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const loads =
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === 'require');
  return loads ? node.arguments[0] : undefined;
}
