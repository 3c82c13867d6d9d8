import { splitQuery } from './url.ts';

/** Options that the link sets anew; a key in the URL must not come back in a body. */
const replaced = /^(?:(?:\$|%24)?(?:skip|top|skiptoken)|api_key)(?:=|$)/i;

/**
 * @param query raw, as it was sent: everything but the page is kept as it is
 * @param page where the next page begins, and how much is left of `$top`: `$skiptoken=…`
 * @returns the raw query of the next page
 */
export function nextQuery(query: string, page: string): string {
  const kept = splitQuery(query, 0)
    .map(pair => pair.raw)
    .filter(raw => raw !== '' && !replaced.test(raw));
  return [...kept, page].join('&');
}
