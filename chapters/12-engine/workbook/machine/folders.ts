import { readdirSync } from 'node:fs';

/** The names in a folder; none where it is missing, forbidden, or gone while we look. */
export function entries(folder: string, only?: 'folders'): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => only === undefined || entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
