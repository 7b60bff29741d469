/** A store, and a folder for the sources that are imported into it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { importImages, type ContentStore, type ImportOptions } from '../../../src/image/index.ts';
import { StoreScratch } from '../content-scratch.ts';
import { tarOf, writeFolder, type Files } from './sample.ts';

export class ImportScratch implements Disposable {
  readonly #scratch = new StoreScratch();
  readonly store: ContentStore = this.open('store');
  #sources = 0;

  /** Another, empty, store. */
  open(name: string): ContentStore {
    return this.#scratch.open(this.path(name));
  }

  path(name: string): string {
    return path.join(this.#scratch.root, name);
  }

  /** Writes a source, and tells where it is. */
  write(source: Files | Uint8Array): string {
    this.#sources += 1;
    const at = this.path(`source-${this.#sources}`);
    if (source instanceof Map) return writeFolder(at, source);
    writeFileSync(at, source);
    return at;
  }

  import(source: Files | Uint8Array, options: ImportOptions = {}) {
    return importImages(this.store, this.write(source), options);
  }

  /** As a folder and as an archive: what holds for one holds for the other. */
  importAs(kind: 'folder' | 'archive', files: Files, options: ImportOptions = {}) {
    return this.import(kind === 'folder' ? files : tarOf(files), options);
  }

  [Symbol.dispose](): void {
    this.#scratch[Symbol.dispose]();
  }
}
