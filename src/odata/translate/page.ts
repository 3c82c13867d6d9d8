// Pages: a list ends at the page size, and a link leads to the rest (OData 4.01 Part 1, 11.2.6.7).

import type { Limits } from '../../base/config/config.ts';

/**
 * @param preferred the client's preference `odata.maxpagesize`
 * @returns maximum rows per page, which the query engine lowers for expensive rows; undefined for its default
 */
export function pageSize(preferred: number | undefined, limits: Limits): number | undefined {
  const size = Math.min(preferred ?? limits.takeDefault, limits.takeMax);
  return size === limits.takeDefault ? undefined : size;
}
