/** Exercise 06.2: what a registry asks for when it answers 401. */
import { MAX_CHALLENGE_LENGTH, type Challenge } from '../auth/types.ts';
import { RegistryError, shown } from '../errors.ts';

// #region exercise-06-2
/**
 * Reads a `WWW-Authenticate` header. Pure. RFC 9110, 11.2 and 11.6.1.
 *
 *     Bearer realm="https://auth.example/token",service="example", Basic realm="example"
 *
 * It holds challenges, and each challenge holds parameters, and both lists are separated by commas
 * (with spaces around them, and sometimes with nothing between two of them). A word with a `=` after
 * it is a parameter of the challenge before; a word without one begins a new challenge. Spaces
 * around the `=` are allowed. Schemes and parameters' names are of no case: they become lower case.
 * A value is a word, or stands in quotes; there a `\` takes the meaning from the character after it,
 * and commas mean nothing. A challenge may have a token68 in place of parameters (letters, digits
 * and `-._~+/`, with any number of `=` at the end): it is skipped.
 *
 * Headers come from strangers. One that is longer than MAX_CHALLENGE_LENGTH, that does not follow
 * the grammar, or that gives a challenge the same parameter twice is refused. The time is
 * proportional to the length.
 *
 * @throws RegistryError BAD_RESPONSE.
 */
export function parseChallenges(header: string): Challenge[] {
  if (header.length > MAX_CHALLENGE_LENGTH) refuse(header, 'it is too long');
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = header;
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest)?.[0];
    rest = rest.slice(found?.length ?? 0);
    return found;
  };
  take(SEPARATORS);
  while (rest.length > 0) {
    const word = take(WORD)?.toLowerCase() ?? refuse(header, `no word at ${shown(rest)}`);
    const current = challenges.at(-1);
    if (take(EQUALS) === undefined) {
      challenges.push({ scheme: word, parameters: new Map() });
      if (take(SPACES) !== undefined) take(TOKEN_68);
      take(SEPARATORS);
      continue;
    }
    const value = take(QUOTED) ?? take(WORD) ?? refuse(header, `${word} has no value`);
    if (current === undefined) refuse(header, 'it begins with a parameter');
    if (current.parameters.has(word)) refuse(header, `${word} comes twice`);
    const quoted = value.startsWith('"');
    current.parameters.set(word, quoted ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value);
    if (take(SEPARATORS) === undefined && rest !== '') refuse(header, `no comma at ${shown(rest)}`);
  }
  return challenges;
}

const WORD = /^[\w!#$%&'*+.^`|~-]+/;
const SPACES = /^ +/;
const EQUALS = /^[ \t]*=[ \t]*(?!=|,|$)/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/s;
const TOKEN_68 = /^[\w.~+/-]+=*[ \t]*(?:,[ \t,]*|$)/;
const SEPARATORS = /^[ \t]*(?:,[ \t,]*|$)/;

function refuse(header: string, reason: string): never {
  throw new RegistryError(
    'BAD_RESPONSE',
    `the registry answered 401 with a WWW-Authenticate that cannot be read (${reason}): ${shown(header)}`,
  );
}
// #endregion exercise-06-2
