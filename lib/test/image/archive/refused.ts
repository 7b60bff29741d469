/** What the tests of hostile sources share: a store that must be as empty after each as before. */
import { afterEach, beforeEach, expect } from 'vitest';
import { ImportScratch } from './scratch.ts';

/** A new scratch for each test of the file; what a refused import leaves is garbage, and no more. */
export function importScratch(): () => ImportScratch {
  let scratch: ImportScratch;
  beforeEach(() => {
    scratch = new ImportScratch();
  });
  afterEach(() => {
    expect(scratch.store.ingests()).toEqual([]);
    scratch.store.collect();
    expect([...scratch.store.walk()]).toEqual([]);
    scratch[Symbol.dispose]();
  });
  return () => scratch;
}
