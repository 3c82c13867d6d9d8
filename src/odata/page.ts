// Pages: a list is cut at the page size, and the rest is reached by a link (OData 4.01 Part 1, 11.2.6.7).

import type { Limits } from '../base/config.ts';
import { nestedRowsExpected } from '../query/check.ts';
import type { EntityQuery, Selection } from '../query/entity-query.ts';

/**
 * @param preferred the client's preference `odata.maxpagesize`
 * @param select what is read of each row: related rows make pages smaller, so that an answer stays within its limit
 * @returns rows of a page at the most; undefined for the waist's default
 */
export function pageSize(
  preferred: number | undefined,
  select: readonly Selection[],
  limits: Limits,
): number | undefined {
  const affordable = Math.max(1, Math.floor(limits.rowsMax / rowsPerEntity(select)));
  const size = Math.min(preferred ?? limits.takeDefault, affordable, limits.takeMax);
  return size === limits.takeDefault ? undefined : size;
}

/** As the waist estimates it: the row itself, and all related rows at the most. */
function rowsPerEntity(select: readonly Selection[]): number {
  let rows = 1;
  for (const selection of select) {
    if (selection.kind !== 'relation') continue;
    const { query } = selection;
    rows += takeOf(query) * rowsPerEntity(query.select);
  }
  return rows;
}

const takeOf = ({ cardinality, take }: EntityQuery): number =>
  cardinality === 'one' ? 1 : (take ?? nestedRowsExpected);
