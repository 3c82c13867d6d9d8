// Pages: a list is cut at the page size, and the rest is reached by a link (OData 4.01 Part 1, 11.2.6.7).

import type { Limits } from '../../base/config/config.ts';

/**
 * @param preferred the client's preference `odata.maxpagesize`
 * @returns rows of a page at the most, which the query engine makes smaller where they cost much; undefined for its default
 */
export function pageSize(preferred: number | undefined, limits: Limits): number | undefined {
  const size = Math.min(preferred ?? limits.takeDefault, limits.takeMax);
  return size === limits.takeDefault ? undefined : size;
}
