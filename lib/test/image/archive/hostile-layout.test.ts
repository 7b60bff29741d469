/** Layouts from strangers, and damaged ones: refused, and nothing stays that is not garbage. */
import { describe, expect, it } from 'vitest';
import { refusal } from '../refusal.ts';
import { LAYOUTS, nested } from './hostile-layouts.ts';
import { layoutFiles, sample } from './sample.ts';
import { importScratch } from './refused.ts';

const scratch = importScratch();

describe.each(['folder', 'archive'] as const)('a layout as %s', (kind) => {
  it.each(LAYOUTS)('that %s is refused', async (_what, files, code, words) => {
    await expect(scratch().importAs(kind, files())).rejects.toThrow(refusal(code, words));
  });

  it('may have eight indexes in each other', async () => {
    expect(await scratch().importAs(kind, nested(8))).toHaveLength(1);
  });

  it('in which many refer to the same is walked once', async () => {
    const { blobs, manifest } = sample();
    let top = manifest;
    for (let at = 0; at < 8; at++) top = blobs.index(Array.from({ length: 100 }, () => top));
    expect(await scratch().importAs(kind, layoutFiles(blobs, [top]))).toHaveLength(1);
  });
});
