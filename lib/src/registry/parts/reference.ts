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

/** The whole name, of which there is one only: `docker.io/library/busybox:latest`. Pure. */
export function canonicalName({ domain, path, tag, digest }: Reference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Throws the error of a text that is no name. */
function refuse(text: string, reason: string): never {
  throw new RegistryError('BAD_REFERENCE', `${shown(text)} names no image: ${reason}`);
}

// #region exercise-06-1
/**
 * Reads `[domain/]path[:tag][@digest]`. Pure. Docker's normalisation (distribution/reference).
 *
 * Its end is cut off first. What follows an `@` (the first, if there are several) is the digest. Of
 * what is before it, what follows the first `:` after the last slash is the tag; a `:` before a slash
 * belongs to a port. What is left is the name. If it has a slash, what is before the first one is the
 * domain if that has a `.` or a `:` or an upper-case letter, or is `localhost`; otherwise all of it is
 * the path, and the domain is DEFAULT_DOMAIN. LEGACY_DEFAULT_DOMAIN is DEFAULT_DOMAIN too. In
 * DEFAULT_DOMAIN, and nowhere else, a path of one part gets OFFICIAL_PREFIX before it: `busybox` is `docker.io/library/busybox`. A tag or
 * digest that is not there is left out of the result; there is no default tag here.
 *
 * Refused, with `refuse` and the reason: 64 hexadecimal digits alone (they are an image's id);
 * a domain that is not of the form DOMAIN; upper-case letters in the path (the reason has the path in
 * lower case as advice); a part of the path that is not of the form COMPONENT; `domain/path` of more
 * than MAX_NAME_LENGTH characters, which is looked at before any form; a tag for which isTag is
 * false; a digest for which isDigest is false, an empty one too.
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

/**
 * A short name that {@link parseReference} reads as the same: `busybox:latest`. Pure.
 *
 * DEFAULT_DOMAIN is left out, and with it OFFICIAL_PREFIX if one part follows it; but each only if what
 * is left is not read as something else: its first part as a domain, or all of it as an image's id.
 * Tag and digest stay. Names in other domains are {@link canonicalName}'s.
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
