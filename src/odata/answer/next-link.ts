import { splitQuery } from '../url/url.ts';

/** Options that the link sets anew; a key in the URL must not come back in a body. */
const replaced = /^(?:(?:\$|%24)?(?:skip|top|skiptoken|deltatoken)|api_key)(?:=|$)/i;
/** Changes come in their own order, and are not counted. */
const unordered = /^(?:\$|%24)?(?:orderby|count)(?:=|$)/i;

/**
 * @param query raw, as it was sent: everything but the page is kept as it is
 * @param page where the next page begins, and how much is left of `$top`: `$skiptoken=…`
 * @returns the raw query of the next page
 */
export function nextQuery(query: string, page: string): string {
  return [...kept(query), page].join('&');
}

/** @param token how far its reader will know what has changed @returns the raw query that asks for what changes afterwards */
export const deltaQuery = (query: string, token: string): string =>
  [...kept(query).filter(raw => !unordered.test(raw)), `$deltatoken=${token}`].join('&');

const kept = (query: string): string[] =>
  splitQuery(query, 0)
    .map(pair => pair.raw)
    .filter(raw => raw !== '' && !replaced.test(raw));
