/** Exercise 06.2: what a registry asks for when it answers 401. */
import { MAX_CHALLENGE_LENGTH, type Challenge } from '../auth/types.ts';
import { RegistryError, shown } from '../errors.ts';

/** Throws the error of a header that cannot be read. */
function refuse(header: string, reason: string): never {
  throw new RegistryError(
    'BAD_RESPONSE',
    `the registry answered 401 with a WWW-Authenticate that cannot be read (${reason}): ${shown(header)}`,
  );
}

// #region exercise-06-2
/**
 * Reads a `WWW-Authenticate` header. Pure. RFC 9110, 11.2 and 11.6.1.
 *
 *     Bearer realm="https://auth.example/token",service="example", Basic realm="example"
 *
 * It is a list of challenges. Each has a scheme (`Bearer`) and, after spaces, a list of parameters.
 * Both lists are separated by commas, with spaces or tabs around them, and sometimes with nothing
 * between two of them; spaces, tabs and commas may be at both ends of the header too. Only what
 * follows a word tells what it is:
 *
 * - a word with `=` after it is a parameter of the challenge before it. Spaces and tabs around the `=`
 *   are allowed. Its value is a word, or any text between double quotes: there a `\` takes the
 *   meaning from the character after it, and is dropped, and commas and `=` mean nothing;
 * - any other word is the scheme of a new challenge, which only a comma may follow on the one before.
 *   It may have a token68 in place of parameters: letters, digits and `-._~+/`, with any number of `=`
 *   at the end, and then a comma or the end of the header. It is skipped, and parameters after it are
 *   refused.
 *
 * A word has letters, digits and `` !#$%&'*+-.^_`|~ ``. Schemes and names of parameters have no case:
 * they become lower case. Values stay as they are. An empty header has no challenges.
 *
 * Headers come from strangers. With `refuse` and the reason is refused what is longer than
 * MAX_CHALLENGE_LENGTH, what does not follow this grammar, and a challenge with the same parameter
 * twice. A header's time is proportional to its length.
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
  take(START);
  let [separated, closed] = [true, false];
  while (rest.length > 0) {
    const word = take(WORD)?.toLowerCase() ?? refuse(header, `no word at ${shown(rest)}`);
    const current = challenges.at(-1);
    if (take(EQUALS) === undefined) {
      if (!separated) refuse(header, `no comma before ${word}`);
      challenges.push({ scheme: word, parameters: new Map() });
      closed = take(SPACES) !== undefined && take(TOKEN_68) !== undefined;
      separated = closed || take(SEPARATORS) !== undefined;
      continue;
    }
    const value = take(QUOTED) ?? take(WORD) ?? refuse(header, `${word} has no value`);
    if (current === undefined) refuse(header, 'it begins with a parameter');
    if (closed) refuse(header, `${word} stands after what is in place of parameters`);
    if (current.parameters.has(word)) refuse(header, `${word} comes twice`);
    const quoted = value.startsWith('"');
    current.parameters.set(word, quoted ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value);
    separated = take(SEPARATORS) !== undefined;
    if (!separated) refuse(header, `no comma at ${shown(rest)}`);
  }
  return challenges;
}

const START = /^[ \t,]*/;
const WORD = /^[\w!#$%&'*+.^`|~-]+/;
const SPACES = /^ +/;
const EQUALS = /^[ \t]*=[ \t]*(?!=|,|$)/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/s;
const TOKEN_68 = /^[\w.~+/-]+=*[ \t]*(?:,[ \t,]*|$)/;
const SEPARATORS = /^[ \t]*(?:,[ \t,]*|$)/;

// #endregion exercise-06-2
