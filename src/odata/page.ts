// Pages: a list is cut at the page size, and the rest is reached by a link (OData 4.01 Part 1, 11.2.6.7).

import type { Limits } from '../base/config.ts';
import { nestedRowsExpected } from '../query/check.ts';
import type { ReadAnswer } from '../query/engine.ts';
import type { EntityQuery, Selection } from '../query/entity-query.ts';

export interface Page {
  /** What the waist is asked for; absent: its default, of which it says whether it cut the list. */
  readonly take?: number;
  readonly skip: number;
  /** $top: where the list ends, however many pages it takes. */
  readonly top?: number;
}

interface Wanted {
  readonly top?: number;
  readonly skip?: number;
  /** The client's preference `odata.maxpagesize`. */
  readonly sizeMax?: number;
}

/** @param select what is read of each row: related rows make pages smaller, so that an answer stays within its limit */
export function toPage(
  { top, skip = 0, sizeMax }: Wanted,
  select: readonly Selection[],
  limits: Limits,
): Page {
  const affordable = Math.max(1, Math.floor(limits.rowsMax / rowsPerEntity(select)));
  const size = Math.min(sizeMax ?? limits.takeDefault, affordable, limits.takeMax);
  if (top !== undefined && top <= size) return { take: top, skip, top };
  return { take: size === limits.takeDefault ? undefined : size, skip, top };
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

/** What the next page has to ask for. */
export interface NextPage {
  readonly skip: number;
  readonly top?: number;
}

/** @returns the page behind the answered one, or undefined when it was the last */
export function nextPage({ take, skip, top }: Page, answer: ReadAnswer): NextPage | undefined {
  const end = skip + answer.rows;
  const left = top === undefined ? undefined : top - answer.rows;
  if (left !== undefined && left <= 0) return undefined;
  if (answer.count !== undefined && end >= answer.count) return undefined;
  const more = take === undefined ? answer.truncated.includes('') : take > 0 && answer.rows === take;
  return more ? { skip: end, top: left } : undefined;
}
