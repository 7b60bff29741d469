/** Exercise 06.1: what a person means by the name of an image. */
import { isDigest, parseDigest } from '../../oci/index.ts';
import { RegistryError, shown } from '../errors.ts';
import {
  DEFAULT_DOMAIN,
  isTag,
  LEGACY_DEFAULT_DOMAIN,
  MAX_NAME_LENGTH,
  OFFICIAL_PREFIX,
  type Reference,
} from '../reference.ts';

/** A host name, an IPv4 address or an IPv6 address in brackets; then perhaps a port. */
const DOMAIN =
  /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[a-f\d:]+\])(?::\d{1,5})?$/i;
/** One part between the slashes: words with `.`, `_`, `__` or dashes between them. */
const COMPONENT = /^[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*$/;

// #region exercise-06-1
/**
 * Reads `[domain/]path[:tag][@digest]`. Pure. Docker's normalisation (distribution/reference).
 *
 * From the end to the beginning: what follows the first `@` is the digest; what follows a `:` after
 * the last slash is the tag. Of the name before them, the part before the first slash is the domain
 * if it has a `.`, a `:` or an upper-case letter, or is `localhost`. Without one the domain is
 * DEFAULT_DOMAIN, which LEGACY_DEFAULT_DOMAIN means too. There, and nowhere else, a path of one part
 * gets OFFICIAL_PREFIX before it: `busybox` is `docker.io/library/busybox`.
 *
 * Refused, with the reason: 64 hexadecimal digits alone (they are an image's id); upper-case letters
 * in the path (with the name in lower case as advice); a domain that is none; a part of the path that
 * is none; `domain/path` of more than MAX_NAME_LENGTH characters; a bad tag; a bad digest.
 *
 * @throws RegistryError BAD_REFERENCE.
 */
export function parseReference(text: string): Reference {
  if (/^[\da-f]{64}$/.test(text)) refuse(text, 'it is the id of an image, not a name');
  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const { domain, path } = splitName(colon < 0 ? beforeDigest : beforeDigest.slice(0, colon));
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  const digest = at < 0 ? undefined : text.slice(at + 1);

  if (domain.length + 1 + path.length > MAX_NAME_LENGTH) {
    refuse(text, `its name has more than ${MAX_NAME_LENGTH} characters`);
  }
  if (!DOMAIN.test(domain)) refuse(text, `${shown(domain)} is no host of a registry`);
  if (path !== path.toLowerCase()) {
    refuse(text, `a repository has no upper-case letters: write ${path.toLowerCase()}`);
  }
  if (!path.split('/').every((part) => COMPONENT.test(part))) {
    refuse(text, `${shown(path)} is no repository: it takes a-z, 0-9 and single . _ - / between`);
  }
  if (tag !== undefined && !isTag(tag)) {
    refuse(text, `${shown(tag)} is no tag: it takes up to 128 letters, digits, _ . -`);
  }
  if (digest !== undefined && !isDigest(digest)) refuse(text, `${shown(digest)} is no digest`);
  return {
    domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest: parseDigest(digest) }),
  };
}

function splitName(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const domain = isDomain && first !== LEGACY_DEFAULT_DOMAIN ? first : DEFAULT_DOMAIN;
  const path = isDomain ? name.slice(slash + 1) : name;
  const official = domain === DEFAULT_DOMAIN && path !== '' && !path.includes('/');
  return { domain, path: official ? OFFICIAL_PREFIX + path : path };
}

function refuse(text: string, reason: string): never {
  throw new RegistryError('BAD_REFERENCE', `${shown(text)} names no image: ${reason}`);
}

/** The whole name, of which there is one only: `docker.io/library/busybox:latest`. Pure. */
export function canonicalName({ domain, path, tag, digest }: Reference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/**
 * A short name that {@link parseReference} reads as the same: `busybox:latest`. Pure.
 *
 * Without DEFAULT_DOMAIN and OFFICIAL_PREFIX, as far as what is left would not be read as something
 * else: as a domain, or as an image's id.
 */
export function familiarName(reference: Reference): string {
  const name = canonicalName(reference);
  const [first = '', ...others] = reference.path.split('/');
  if (reference.domain !== DEFAULT_DOMAIN) return name;
  if (others.length > 0 && (first.includes('.') || first === 'localhost')) return name;
  const short = name.slice(DEFAULT_DOMAIN.length + 1);
  if (others.length !== 1 || !short.startsWith(OFFICIAL_PREFIX)) return short;
  const shortest = short.slice(OFFICIAL_PREFIX.length);
  return /^[\da-f]{64}$/.test(shortest) ? short : shortest;
}
// #endregion exercise-06-1
