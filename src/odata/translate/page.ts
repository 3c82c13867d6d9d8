// Pages: a list is cut at the page size, and the rest is reached by a link (OData 4.01 Part 1, 11.2.6.7).

import type { Limits } from '../../base/config/config.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { rowsAffordable } from '../../query/check/cost.ts';

/**
 * @param preferred the client's preference `odata.maxpagesize`
 * @param list what is read: wide and related rows make pages smaller, so that an answer stays within its limits
 * @returns rows of a page at the most; undefined for the waist's default
 */
export function pageSize(
  preferred: number | undefined,
  list: Omit<EntityQuery, 'take' | 'cardinality'>,
  limits: Limits,
): number | undefined {
  const size = Math.min(preferred ?? limits.takeDefault, rowsAffordable(list, limits), limits.takeMax);
  return size === limits.takeDefault ? undefined : size;
}
