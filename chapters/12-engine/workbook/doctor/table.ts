/**
 * vagrant/kernel-features.md as data: the document is the source, this reads it.
 *
 * Every second-level heading with a table below it is a group; the table has four columns, and the
 * first names the row. What is in the group "Needed" must be there for anything to run.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../run-script.ts';

/** One row: a feature, and what its absence means. */
export interface Feature {
  /** The heading that it stands under. */
  readonly group: string;
  /** Unique; a probe has the same name. */
  readonly name: string;
  readonly needs: string;
  readonly usedBy: string;
  readonly without: string;
  /** Nothing runs without it. */
  readonly required: boolean;
}

/** The document, from the repository's top folder. */
const featureDocument = 'vagrant/kernel-features.md';

const REQUIRED_GROUP = 'Needed';
const COLUMNS = 'Feature | Needs | Used by | Without it';

/** All rows of the document, in its order. */
export function readFeatures(): Feature[] {
  return parseFeatures(readFileSync(path.join(repository, featureDocument), 'utf8'));
}

/**
 * Reads the tables of a Markdown text. Pure.
 * @throws Error with the line's number for a table of other columns, a row with a cell too many or
 *   too few or an empty one, and a name that is there twice.
 */
export function parseFeatures(markdown: string): Feature[] {
  const features = new Map<string, Feature>();
  let group = '';
  for (const [index, line] of markdown.split('\n').entries()) {
    const at = `${featureDocument}:${index + 1}`;
    if (line.startsWith('## ')) group = line.slice(3).trim();
    if (!line.startsWith('|') || /^\|[ :|-]+$/.test(line)) continue;
    const cells = cellsOf(line);
    if (cells[0] === 'Feature') checkColumns(at, cells);
    else addRow(features, at, group, cells);
  }
  return [...features.values()];
}

function addRow(
  features: Map<string, Feature>,
  at: string,
  group: string,
  cells: readonly string[],
): void {
  const [name = '', needs = '', usedBy = '', without = ''] = cells;
  if (cells.length !== 4 || cells.includes('') || group === '') {
    throw new Error(`${at}: a row has four cells below a heading, none of them empty: ${COLUMNS}`);
  }
  if (features.has(name)) throw new Error(`${at}: ${name} is in the table twice`);
  const required = group === REQUIRED_GROUP;
  features.set(name, { group, name, needs, usedBy, without, required });
}

function checkColumns(at: string, cells: readonly string[]): void {
  if (cells.join(' | ') !== COLUMNS) throw new Error(`${at}: the columns must be ${COLUMNS}`);
}

/** The text of each cell, without the marks of code. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));
}
