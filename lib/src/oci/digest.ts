/** Digests: the names of content (OCI image-spec, descriptor.md, "Digests"). Pure. */
import { CoracleError } from '../base/index.ts';

/** The algorithms that the specification registers and this engine computes. */
export const DIGEST_ALGORITHMS = ['sha256', 'sha512'] as const;

export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** `sha256:` and 64 hexadecimal digits, or `sha512:` and 128; always checked by {@link parseDigest}. */
export type Digest = `${DigestAlgorithm}:${string}`;

/** A text that is no digest of an algorithm that is known here. */
export class DigestError extends CoracleError {
  constructor(message: string) {
    super('BAD_DIGEST', message);
  }
}

const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha512: 128 };

/**
 * Checks a digest. What comes out is safe as a file name: it has no slash and no dot.
 *
 * @throws DigestError for any other text, upper-case digits included.
 */
export function parseDigest(text: string): Digest {
  const shown = JSON.stringify(text.length > 150 ? `${text.slice(0, 150)}…` : text);
  const colon = text.indexOf(':');
  const algorithm = text.slice(0, Math.max(colon, 0));
  if (!isAlgorithm(algorithm)) {
    throw new DigestError(
      `${shown} is no digest that can be checked: it must begin with sha256: or sha512:`,
    );
  }
  const digits = HEX_DIGITS[algorithm];
  const hex = text.slice(colon + 1);
  if (hex.length === digits && /^[0-9a-f]+$/.test(hex)) return `${algorithm}:${hex}`;
  throw new DigestError(
    `${shown} is no digest: after ${algorithm}: must come ${digits} digits 0-9 or a-f`,
  );
}

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  try {
    parseDigest(text);
    return true;
  } catch {
    return false;
  }
}

/** The two halves of a digest. */
export function splitDigest(digest: Digest): { algorithm: DigestAlgorithm; hex: string } {
  const colon = digest.indexOf(':');
  return { algorithm: digest.slice(0, colon) as DigestAlgorithm, hex: digest.slice(colon + 1) };
}

function isAlgorithm(name: string): name is DigestAlgorithm {
  return (DIGEST_ALGORITHMS as readonly string[]).includes(name);
}
