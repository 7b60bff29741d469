/** Exercise 06.7: lists that come in pages. */
import { RegistryError, shown } from '../errors.ts';

// #region exercise-06-7
/**
 * The address of the next page of a list, from the `Link` header of this one; `undefined` if this is
 * the last. Pure. distribution-spec, "Listing Tags"; RFC 8288, 3.
 *
 *     Link: </v2/library/busybox/tags/list?n=100&last=musl>; rel="next"
 *
 * The header is a list of links with commas between them. A link is an address between `<` and `>`,
 * which may hold all but these two, commas and semicolons too, and is relative to `page`; and then any
 * number of parameters, each after a `;`: a name, and mostly a `=` and a value. The value is a word, or
 * any text between double quotes, where a `\` takes the meaning from the character after it. Spaces may
 * be around each of these. Names of parameters have no case. The list is read from the left, up to
 * what does not belong there; that and all after it is not looked at.
 *
 * The next page is the first link with a parameter `rel` whose value has the word `next` (of any case)
 * among its words, which have spaces between them.
 *
 * The request for the next page carries our credentials, so its scheme, host and port must be those of
 * `page`, and no name or password is in it. A page that leads to itself would never end; what stands
 * after a `#` is never sent, makes no other page of it, and is left out.
 *
 * @param page the address of the page that the header came with.
 * @throws RegistryError BAD_RESPONSE for a next page elsewhere, with a name or password, or that is
 *   this page.
 */
export function nextPage(link: string | undefined, page: URL): URL | undefined {
  const target = findNext(link ?? '');
  if (target === undefined) return undefined;
  const url = URL.parse(target, page);
  if (url === null || url.origin !== page.origin || url.username !== '' || url.password !== '') {
    throw new RegistryError(
      'BAD_RESPONSE',
      `${page.host} has the next page of a list at another place: ${shown(target)}`,
    );
  }
  url.hash = '';
  if (url.href !== page.href) return url;
  throw new RegistryError('BAD_RESPONSE', `${page.host} has a page of a list that leads to itself`);
}

function findNext(link: string): string | undefined {
  let rest = link;
  for (;;) {
    const match = LINK.exec(rest);
    if (match === null) return undefined;
    const [whole, target, parameters = ''] = match;
    for (const [, name = '', quoted, word = ''] of parameters.matchAll(PARAMETER)) {
      const words = (quoted ?? word).toLowerCase().split(' ');
      if (name.toLowerCase() === 'rel' && words.includes('next')) return target;
    }
    rest = rest.slice(whole.length);
  }
}

const LINK = /^[\s,]*<([^<>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/;
const PARAMETER = /;\s*([^\s;,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;
// #endregion exercise-06-7
