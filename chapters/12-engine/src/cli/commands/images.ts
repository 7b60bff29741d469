import type { Image } from 'coracle/image';
import type { Command } from '../command.ts';
import type { Engine } from '../engine.ts';
import { table } from '../../runtime-cli/table.ts';
import { age, size } from '../format.ts';
import { shownName, tryRead } from '../names.ts';

export const images: Command = {
  summary: 'list the images that are here',
  usage: '[OPTION ...]',
  help: [
    ['-q, --quiet', 'ids alone'],
    ['--no-trunc', 'ids whole'],
    ['--digests', 'the digests of manifests too'],
    ['--json', 'one JSON object a line'],
  ],
  options: {
    quiet: { type: 'boolean', short: 'q' },
    'no-trunc': { type: 'boolean' },
    digests: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  args: { min: 0, max: 0 },
  run({ engine, options }) {
    const rows = engine.content.images.list().map((image) => describe(engine, image));
    const id = (row: Row): string => (options['no-trunc'] === true ? row.ID : shorten(row.ID));
    if (options['json'] === true) {
      for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    } else if (options['quiet'] === true) {
      for (const each of new Set(rows.map(id))) process.stdout.write(`${each}\n`);
    } else {
      const digests = options['digests'] === true;
      const head = [
        'REPOSITORY',
        'TAG',
        ...(digests ? ['DIGEST'] : []),
        'IMAGE ID',
        'CREATED',
        'SIZE',
      ];
      const lines = rows.map((row) => [
        row.Repository,
        row.Tag,
        ...(digests ? [row.Digest] : []),
        id(row),
        age(row.CreatedAt, Date.now()),
        row.Size === undefined ? 'N/A' : size(row.Size),
      ]);
      process.stdout.write(table([head, ...lines], 0));
    }
  },
};

/** With the keys of `docker images --format json`. */
interface Row {
  readonly Repository: string;
  readonly Tag: string;
  readonly Digest: string;
  readonly ID: string;
  readonly CreatedAt: string | undefined;
  /** Bytes of its blobs; not known for what is for other platforms alone. */
  readonly Size: number | undefined;
}

function describe({ content }: Engine, image: Image): Row {
  const { repository, tag } = shownName(image.name);
  const read = tryRead(content, image.target);
  const blobs = read && [read.descriptor, read.manifest.config, ...read.manifest.layers];
  return {
    Repository: repository,
    Tag: tag,
    Digest: image.target.digest,
    ID: read?.manifest.config.digest ?? image.target.digest,
    CreatedAt: read?.config.created,
    Size: blobs?.reduce((total, blob) => total + blob.size, 0),
  };
}

function shorten(digest: string): string {
  return digest.slice(7, 19);
}
