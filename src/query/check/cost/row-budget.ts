// The row limit for nested lists. The rows of a statement are the product of its lists' lengths, so limiting each list is not
// enough: they share one budget. Each row has a share of it for its nested lists, which is divided by the rows that each list
// really has, level by level, in SQL. So whatever the tables contain, the total stays within the budget, and no list is
// truncated while there is room. A budget of 1 is ROWS_MAX rows and COST_MAX values.

import type { Limits } from '../../../base/config/config.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundQuery, BoundSelection, RowNeed } from '../../bound/query.ts';
import type { Share } from '../../bound/share.ts';
import type { Statistics } from '../../statistics/statistics.ts';

/** The budget of an answer whose lists continue on further pages. */
export const pageableBudget = 0.1;

/** @returns the share of the budget that a row with these selections needs */
export function rowNeed(select: readonly BoundSelection[], limits: Limits, flexible: boolean): RowNeed {
  const { values, below } = widthOf(select);
  const wide = flexible ? values / limits.costMax : 0;
  return { row: Math.max(1 / limits.rowsMax, wide), below, flexible, budget: 1 };
}

/** Values of to-one records count for the row that they belong to. */
function widthOf(select: readonly BoundSelection[]): { values: number; below: number } {
  let values = 1;
  let below = 0;
  for (const selection of select) {
    if (selection.kind !== 'relation') {
      values += selection.kind === 'constant' ? 0 : 1;
    } else if (selection.relation.list) {
      below += listNeed(selection.query);
    } else {
      const record = widthOf(selection.query.select);
      values += record.values;
      below += record.below;
    }
  }
  return { values, below };
}

/** A list that may be truncated needs room for one row; others need room for `take` rows. */
const listNeed = ({ need, take }: BoundQuery): number => (need.flexible ? 1 : take) * (need.row + need.below);

/** @returns the budget of a statement's lists. Even a small page budget covers the minimum of one row. */
export const budgetOf = ({ need }: BoundQuery, pageable: boolean): number =>
  pageable ? Math.max(pageableBudget, Math.min(1, need.below)) : 1;

/** @returns how many rows of a list can likely be returned with complete nested lists, at least 1 */
export function rowsWithRoom(statistics: Statistics, { select, source, take }: BoundQuery): number {
  const room = roomBelow(statistics, select, source.entity);
  return room === 0 ? take : Math.max(1, Math.min(take, Math.floor(pageableBudget / room)));
}

/** The share that a row's nested lists need if it has the most related rows on each level. */
function roomBelow(statistics: Statistics, select: readonly BoundSelection[], entity: Entity): number {
  let room = 0;
  for (const selection of select) {
    if (selection.kind !== 'relation') continue;
    const { query, relation } = selection;
    const inner = roomBelow(statistics, query.select, query.source.entity);
    const most = Math.min(query.take, statistics.fanOut(entity, relation).max);
    room += relation.list ? most * (query.need.row + inner) : inner;
  }
  return room;
}

/** The share of one list. */
type ListShare = Omit<Share, 'need'>;

const shareOfList = ({ least, sql, need }: Share, list: BoundQuery): ListShare => {
  const part = listNeed(list) / need;
  return { least: least * part, sql: sql && `${sql} * ${part}` };
};

/** @param rows maximum number of rows @returns the share of each row of the root list */
export const rootShare = ({ need }: BoundQuery, rows: number): Share => ({
  least: need.budget / Math.max(1, rows),
  need: need.below,
});

/** How many rows a nested list may have. */
export interface ListLimit {
  /** The maximum, whatever its share. */
  readonly cap: number;
  /** SQL expression for the limit, at most `cap`. */
  readonly sql: string;
  /** Whether the limit depends on the list's share. */
  readonly isTight: boolean;
  /** The share of each row of the list for its nested lists. */
  readonly below: Share;
  /** The same as an SQL expression, given the number of rows. Absent if the minimum is enough. */
  readonly shareSql?: (rows: string) => string;
}

/** Whether neither the list nor its nested lists depend on their share. */
export const isPlain = ({ isTight, shareSql }: ListLimit): boolean => !isTight && shareSql === undefined;

/** @param share the share of the parent row */
export function listLimit(query: BoundQuery, share: Share): ListLimit {
  const { need, take: cap } = query;
  const unit = need.row + need.below;
  const own = shareOfList(share, query);
  const isTight = isTightList(query, own.least);
  const ofList = own.sql ?? `${own.least}::float8`;
  const sql = isTight ? `greatest(1, least(${cap}, floor(${ofList} / ${unit} + 1e-6)))::bigint` : String(cap);
  const below = { least: leastBelow(query, own.least), need: need.below };
  const shares = isTightBelow(query.select, below);
  return {
    cap,
    sql,
    isTight,
    below,
    shareSql: shares ? rows => `((${ofList}) / ${rows} - ${need.row})::float8` : undefined,
  };
}

/** The minimum share per row of a full list. */
function leastBelow({ need, take }: BoundQuery, share: number): number {
  return Math.max(need.below, share / Math.max(1, take) - need.row);
}

function isTightList({ need, take }: BoundQuery, share: number): boolean {
  return need.flexible && take > 1 && Math.floor(share / (need.row + need.below) + 1e-6) < take;
}

/** @returns whether rows with this share have a nested list that depends on it */
export function isTightBelow(select: readonly BoundSelection[], share: Share): boolean {
  return select.some(selection => {
    if (selection.kind !== 'relation') return false;
    const { query, relation } = selection;
    if (!relation.list) return isTightBelow(query.select, share);
    const { least } = shareOfList(share, query);
    const below = { least: leastBelow(query, least), need: query.need.below };
    return isTightList(query, least) || isTightBelow(query.select, below);
  });
}

/** @returns the rows of an answer in which flexible nested lists are truncated to one row, and other lists are complete */
export const rowsAtLeast = ({ select, take }: BoundQuery): number => take * rowsPerRow(select);

function rowsPerRow(select: readonly BoundSelection[]): number {
  let rows = 1;
  for (const selection of select) {
    if (selection.kind !== 'relation') continue;
    const { query, relation } = selection;
    rows += (relation.list && !query.need.flexible ? query.take : 1) * rowsPerRow(query.select);
  }
  return rows;
}
