/**
 * The exercises that the sources of lib hold: `lib/src/LAYER/parts/NAME.ts`, one in each file,
 * between `// #region exercise-NN-k` and `// #endregion exercise-NN-k`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(import.meta.dirname, '../../..');

/** The source of one exercise. */
export interface Part {
  /** Such as `01.1`. */
  readonly id: string;
  /** The chapter's folder, such as `01-namespaces`. */
  readonly chapter: string;
  readonly layer: string;
  /** The file's name, in `parts/` as in the learner's `mine/`. */
  readonly file: string;
  /** The reference, from the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Where the region's own lines begin and end in `text`. */
  readonly region: { readonly start: number; readonly end: number };
}

/** The chapters' folders, in order; `12-engine` is where they come together and has no layer. */
export function chapterFolders(): string[] {
  return readdirSync(path.join(root, 'chapters'))
    .filter((name) => /^\d\d-/.test(name) && name !== '12-engine')
    .toSorted();
}

/** All exercises of a chapter, in the order of their numbers. */
export function partsOf(chapter: string): Part[] {
  const layer = chapter.slice(3);
  const folder = `lib/src/${layer}/parts`;
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((file) => readPart(chapter, layer, file, `${folder}/${file}`))
    .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function readPart(chapter: string, layer: string, file: string, relative: string): Part {
  const text = readFileSync(path.join(root, relative), 'utf8');
  const [number = ''] = chapter.split('-');
  const marker = new RegExp(`^// #region exercise-${number}-(\\d+)\n`, 'm').exec(text);
  if (marker === null) throw new Error(`${relative} has no line '// #region exercise-${number}-…'`);
  const [line, exercise = ''] = marker;
  const start = marker.index + line.length;
  const end = text.indexOf(`// #endregion exercise-${number}-${exercise}\n`, start);
  if (end < 0) throw new Error(`${relative}: the region exercise-${number}-${exercise} has no end`);
  const id = `${number}.${exercise}`;
  return { id, chapter, layer, file, path: relative, text, region: { start, end } };
}

/** Whether a statement is part of what the learner writes. */
export function isInRegion({ region }: Part, node: ts.Node): boolean {
  return node.getStart() >= region.start && node.getEnd() <= region.end;
}

export function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
