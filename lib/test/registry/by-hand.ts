/** What the tests of the server share, which ask it by hand. */
import type { Harbour } from './harbour.ts';
import { bytesOf, digestOf } from './sample-image.ts';

export const blob = bytesOf('blob', 1000);
export const digest = digestOf(blob);

export async function codeOf(response: Response): Promise<string | undefined> {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return errors[0]?.code;
}

export async function upload(
  harbour: Harbour,
  bytes = blob,
  repository = 'app',
): Promise<Response> {
  const begun = await harbour.fetch(`${repository}/blobs/uploads/`, { method: 'POST' });
  const location = (begun.headers.get('location') ?? '').replace('/v2/', '');
  return harbour.fetch(`${location}?digest=${digestOf(bytes)}`, { method: 'PUT', body: bytes });
}
