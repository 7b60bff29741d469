/** The rows of images. */
import { parseDigest, type ImageDescriptor } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';
import type { MetadataDatabase } from './database.ts';
import { checkLabels, now } from './labels.ts';
import type { ContentLabels, Image, Images } from './types.ts';

interface Row {
  readonly name: string;
  readonly target: string;
  readonly labels: string;
  readonly created: string;
  readonly updated: string;
}

export class ImageTable implements Images {
  readonly #database: MetadataDatabase;

  constructor(database: MetadataDatabase) {
    this.#database = database;
  }

  get(name: string): Image {
    const image = this.find(name);
    if (image !== undefined) return image;
    throw new ImageError('NOT_FOUND', `there is no image ${name}: pull it, or list what there is`);
  }

  find(name: string): Image | undefined {
    const row = this.#database.get<Row>('SELECT * FROM images WHERE name = ?', name);
    return row && imageOf(row);
  }

  list(): Image[] {
    return this.#database.all<Row>('SELECT * FROM images ORDER BY name').map(imageOf);
  }

  put(image: Pick<Image, 'name' | 'target'> & { labels?: ContentLabels }): Image {
    const { name, target, labels = {} } = image;
    checkLabels(labels);
    parseDigest(target.digest);
    if (name === '') throw new ImageError('INVALID_ARGUMENT', 'an image needs a name');
    return this.#database.transaction(() => {
      const time = now();
      this.#database.run(
        `INSERT INTO images (name, target, labels, created, updated) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE
         SET target = excluded.target, labels = excluded.labels, updated = excluded.updated`,
        name,
        JSON.stringify(target),
        JSON.stringify(labels),
        time,
        time,
      );
      return this.get(name);
    });
  }

  delete(name: string): boolean {
    return this.#database.run('DELETE FROM images WHERE name = ?', name) > 0;
  }
}

function imageOf({ name, target, labels, created, updated }: Row): Image {
  return {
    name,
    target: JSON.parse(target) as ImageDescriptor,
    labels: JSON.parse(labels) as ContentLabels,
    created,
    updated,
  };
}
