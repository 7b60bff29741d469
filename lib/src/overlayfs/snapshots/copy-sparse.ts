import { open } from 'node:fs/promises';

/** Bytes read at a time, and the smallest hole that is kept. */
const CHUNK = 1 << 16;

/**
 * Copies a file that is mostly holes (`/var/log/lastlog` may claim gigabytes) without filling them:
 * what is all zeros is not written.
 */
export async function copySparse(
  source: string | Buffer,
  target: string | Buffer,
  size: number,
): Promise<void> {
  await using input = await open(source, 'r');
  await using output = await open(target, 'wx', 0o600);
  const chunk = Buffer.alloc(CHUNK);
  const zeros = Buffer.alloc(CHUNK);
  for (let position = 0; position < size;) {
    const { bytesRead } = await input.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) break;
    const data = chunk.subarray(0, bytesRead);
    if (!data.equals(zeros.subarray(0, bytesRead))) {
      await output.write(data, 0, bytesRead, position);
    }
    position += bytesRead;
  }
  await output.truncate(size);
}
