import { splitQuery } from '../url/url.ts';

/** Options that the link replaces; an API key in the URL must not be repeated in a body. */
const replaced = /^(?:(?:\$|%24)?(?:skip|top|skiptoken|deltatoken)|api_key)(?:=|$)/i;
/** Changes have an order of their own, and are not counted. */
const unordered = /^(?:\$|%24)?(?:orderby|count)(?:=|$)/i;

/**
 * @param query raw, as sent: everything except the page is kept as it is
 * @param page where the next page starts, and what is left of `$top`: `$skiptoken=…`
 * @returns the raw query of the next page
 */
export function nextQuery(query: string, page: string): string {
  return [...kept(query), page].join('&');
}

/** @param token the position up to which the client knows the changes @returns the raw query for the changes after it */
export const deltaQuery = (query: string, token: string): string =>
  [...kept(query).filter(raw => !unordered.test(raw)), `$deltatoken=${token}`].join('&');

const kept = (query: string): string[] =>
  splitQuery(query, 0)
    .map(pair => pair.raw)
    .filter(raw => raw !== '' && !replaced.test(raw));
