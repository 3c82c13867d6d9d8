// What lists within lists may have together. The rows of a statement are the product of its lists' lengths, so a length for
// each is no bound: they share one budget. Each row has a part of it for the lists below, which is divided by the rows that
// each list really has, level by level, in SQL; so whatever the tables hold, the sum stays within the budget, and nothing is
// cut while there is room. A budget of 1 is ROWS_MAX rows and COST_MAX values.

import type { Limits } from '../../../base/config/config.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundQuery, BoundSelection, RowNeed } from '../../bound/query.ts';
import type { Share } from '../../bound/share.ts';
import type { Statistics } from '../../statistics/statistics.ts';

/** What an answer may have whose lists go on elsewhere. */
export const pageableBudget = 0.1;

/** @returns what rows need with all that is selected of them */
export function rowNeed(select: readonly BoundSelection[], limits: Limits, flexible: boolean): RowNeed {
  const { values, below } = widthOf(select);
  const wide = flexible ? values / limits.costMax : 0;
  return { row: Math.max(1 / limits.rowsMax, wide), below, flexible, budget: 1 };
}

/** To-one records are values of the row that leads to them. */
function widthOf(select: readonly BoundSelection[]): { values: number; below: number } {
  let [values, below] = [1, 0];
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

/** A list that may be cut needs room for one row, others for all that they may have. */
const listNeed = ({ need, take }: BoundQuery): number => (need.flexible ? 1 : take) * (need.row + need.below);

/** @returns what the lists of a statement share; a row must get what it needs, however little there is for pages */
export const budgetOf = ({ need }: BoundQuery, pageable: boolean): number =>
  pageable ? Math.max(pageableBudget, Math.min(1, need.below)) : 1;

/** @returns rows of a list, of all of which the lists below are likely to be given whole; 1 at the least */
export function rowsWithRoom(statistics: Statistics, { select, source, take }: BoundQuery): number {
  const room = roomBelow(statistics, select, source.entity);
  return room === 0 ? take : Math.max(1, Math.min(take, Math.floor(pageableBudget / room)));
}

/** What the lists of a row would need if it was the one with the most related rows on each level. */
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

/** What there is for one list. */
type ListShare = Omit<Share, 'need'>;

const shareOfList = ({ least, sql, need }: Share, list: BoundQuery): ListShare => {
  const part = listNeed(list) / need;
  return { least: least * part, sql: sql && `${sql} * ${part}` };
};

/** @param rows at the most @returns the share of each row of a statement's own list, when all are there */
export const rootShare = ({ need }: BoundQuery, rows: number): Share => ({
  least: need.budget / Math.max(1, rows),
  need: need.below,
});

/** How many rows a nested list may have. */
export interface ListLimit {
  /** At the most. */
  readonly cap: number;
  /** SQL of a number up to it. */
  readonly sql: string;
  /** Whether that depends on the list's share. */
  readonly isTight: boolean;
  /** What each of the list's rows has for the lists below. */
  readonly below: Share;
  /** The same as SQL, with the number of rows left open; absent where the rows get by without. */
  readonly shareSql?: (rows: string) => string;
}

/** Whether a list's rows are as many as its number says, whatever else there is, and so are the lists below. */
export const isPlain = ({ isTight, shareSql }: ListLimit): boolean => !isTight && shareSql === undefined;

/** @param share of the row that the list belongs to */
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

/** A list with all its rows. */
function leastBelow({ need, take }: BoundQuery, share: number): number {
  return Math.max(need.below, share / Math.max(1, take) - need.row);
}

function isTightList({ need, take }: BoundQuery, share: number): boolean {
  return need.flexible && take > 1 && Math.floor(share / (need.row + need.below) + 1e-6) < take;
}

/** @returns whether any list below rows of so large a share must be held to it */
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

/** @returns rows that an answer has if no list is cut that may not be, and all others to one row */
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
