// The estimated cost of a query, before any of it is run: the values in the answer, and the rows read to find them. A cost of 1
// is one value, about a quarter of a microsecond of database time.

import type { Limits } from '../../../base/config/config.ts';
import { type Fault, fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundNamedAggregate } from '../../bound/aggregate.ts';
import type { BoundOrder } from '../../bound/expression.ts';
import type { BoundQuery, BoundSelection } from '../../bound/query.ts';
import type { FanOut, Statistics } from '../../statistics/statistics.ts';
import { fanOutUnknown } from '../../statistics/statistics.ts';
import type { FanOutOf } from './cost-of-expression.ts';
import { conditionWeight, fanOutIn, lookedAtWeight, sum, weightOf } from './cost-of-expression.ts';

/** The rows that one pass over a whole table counts as: a single pass is harmless, however large the table. */
export const wholeListRows = 1_000;
/** Maximum number of rows for which a condition on related rows is counted. */
export const candidatesMax = 100_000;

/** The most expensive part of a query, for the error message. */
interface Heaviest {
  readonly path: string;
  readonly rows: number;
  readonly cost: number;
}

/** The rows whose related rows are read. */
interface Parents {
  readonly entity: Entity;
  readonly rows: number;
  /** Whether each row occurs only once. */
  readonly distinct: boolean;
  readonly path: string;
}

export interface Estimate {
  /** At least 1. */
  readonly cost: number;
  readonly heaviest?: Heaviest;
}

/** @param take number of rows of the root list */
export function estimate(statistics: Statistics, query: BoundQuery, take = query.take): Estimate {
  const estimator = new Estimator(statistics);
  const cost = Math.ceil(estimator.root(query, take)) || 1;
  return { cost, heaviest: estimator.heaviest };
}

/** @returns how many rows of a list are affordable at a cost, at least 1 */
export function rowsAffordable(statistics: Statistics, query: BoundQuery, costMax: number): number {
  const isAffordable = (take: number) => estimate(statistics, query, take).cost <= costMax;
  if (isAffordable(query.take)) return query.take;
  let few = 1;
  let many = query.take;
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    if (isAffordable(middle)) few = middle;
    else many = middle;
  }
  return few;
}

/** @returns LIMIT_EXCEEDED for a query that costs more than the limit */
export function tooCostly({ cost, heaviest }: Estimate, { costMax }: Limits, at?: number): Fault {
  const most = heaviest && `Most of it is for ${heaviest.path}, which reads about ${heaviest.rows} rows. `;
  return fault(
    'LIMIT_EXCEEDED',
    `The query has an estimated cost of ${cost}, more than the maximum of ${costMax}.`,
    {
      hint: `${most ?? ''}The cost is rows times values per row, plus rows read to find them, estimated from the size of the tables. Request fewer rows with "take" or "first" (OData: $top), also in nested lists, or fewer fields or levels.`,
      at,
    },
  );
}

class Estimator {
  heaviest: Heaviest | undefined;
  readonly #statistics: Statistics;

  constructor(statistics: Statistics) {
    this.#statistics = statistics;
  }

  root(query: BoundQuery, take: number): number {
    const { entity } = query.source;
    const known = query.sourceRows === undefined ? this.#statistics.rowsOf(entity) : undefined;
    const rows = Math.min(take, known ?? take);
    const conditions = weightOf(query.where) + weightOfOrder(query.orderBy);
    const candidates = Math.min(known ?? wholeListRows, candidatesMax);
    const tried = this.#tried(query) * candidates;
    const parents = { entity, rows, distinct: true, path: entity.set };
    return (
      tried +
      wholeListRows * weightOfCounts(query) +
      rows * (1 + conditions) +
      this.#below(query.select, parents)
    );
  }

  /** The cost of conditions and sort keys on related rows, per candidate row. */
  #tried({ where, orderBy }: Pick<BoundQuery, 'where' | 'orderBy'>): number {
    const fanOut: FanOutOf = over => fanOutIn(this.#statistics, over);
    return (
      weightOf(where, fanOut) + weightOfOrder(orderBy, fanOut) - weightOf(where) - weightOfOrder(orderBy)
    );
  }

  #below(select: readonly BoundSelection[], parents: Parents): number {
    let cost = 0;
    for (const selection of select) cost += this.#value(selection, parents);
    return cost;
  }

  #value(selection: BoundSelection, parents: Parents): number {
    switch (selection.kind) {
      case 'constant':
        return 0;
      case 'count': {
        const read = this.#lookedAt(this.#fanOut(parents, selection.count.over.field), parents);
        return this.#note(selection.as, parents, read, read * this.#weightOfEach(selection.count.where));
      }
      case 'aggregate': {
        const read = this.#lookedAt(this.#fanOut(parents, selection.relation), parents);
        const each = this.#weightOfEach(selection.where) + sum(selection.aggregates, weightOfAggregate);
        return this.#note(
          selection.as,
          parents,
          read,
          read * each + parents.rows * selection.aggregates.length,
        );
      }
      case 'relation':
        return selection.relation.list ? this.#list(selection, parents) : this.#record(selection, parents);
      case 'value': {
        const fanOut: FanOutOf = over => fanOutIn(this.#statistics, over);
        return parents.rows * (1 + weightOf(selection.value, fanOut));
      }
      default:
        return parents.rows;
    }
  }

  #record({ as, relation, query }: BoundSelection & { kind: 'relation' }, parents: Parents): number {
    const isOwner = relation.link.kind === 'columns' && relation.link.owner;
    const distinct = parents.distinct && !isOwner;
    const inner = { ...parents, entity: query.source.entity, distinct, path: `${parents.path}.${as}` };
    return parents.rows + this.#below(query.select, inner);
  }

  #list({ as, relation, query }: BoundSelection & { kind: 'relation' }, parents: Parents): number {
    const fanOut = this.#fanOut(parents, relation);
    const read = this.#lookedAt(fanOut, parents);
    const expected = Math.max(1, parents.distinct ? fanOut.mean : fanOut.biased);
    const rows = parents.rows * Math.min(query.take, expected);
    const distinct = parents.distinct && relation.link.kind === 'columns';
    const { orderBy } = query;
    const each = this.#weightOfEach(query.where) + weightOfOrder(orderBy) + this.#tried({ orderBy });
    const own = read * each + read * weightOfCounts(query) + rows;
    this.#note(as, parents, read, own);
    const path = `${parents.path}.${as}`;
    return own + this.#below(query.select, { entity: query.source.entity, rows, distinct, path });
  }

  /** Per related row that is read. */
  #weightOfEach(where: BoundQuery['where']): number {
    return lookedAtWeight + weightOf(where, over => fanOutIn(this.#statistics, over));
  }

  #fanOut({ entity }: Parents, field: Parameters<FanOutOf>[0]['field']): FanOut {
    if (field.kind === 'relation') return this.#statistics.fanOut(entity, field);
    return { mean: fanOutUnknown, biased: fanOutUnknown, max: fanOutUnknown };
  }

  /** If every parent occurs only once, no row is read twice; otherwise each may be the parent with the most related rows. */
  #lookedAt({ mean, max }: FanOut, { entity, rows, distinct }: Parents): number {
    const most = rows * max;
    return distinct ? Math.min(most, mean * Math.max(rows, this.#statistics.rowsOf(entity) ?? rows)) : most;
  }

  #note(as: string, { path }: Parents, rows: number, cost: number): number {
    if (cost > (this.heaviest?.cost ?? 0))
      this.heaviest = { path: `${path}.${as}`, rows: Math.ceil(rows), cost };
    return cost;
  }
}

/** Per row that is counted in addition to those returned. */
function weightOfCounts({ count, connection = [], where }: BoundQuery): number {
  const counts = connection.filter(({ kind }) => kind === 'total').length + (count ? 1 : 0);
  return counts === 0 ? 0 : 1 + weightOf(where);
}

/** Sorting by the row's own fields is free. */
export const weightOfOrder = (terms: readonly BoundOrder[], fanOut?: FanOutOf): number =>
  sum(terms, ({ by }) => (by.kind === 'field' && by.path.length === 0 ? 0 : weightOf(by, fanOut)));

const weightOfAggregate = ({ of }: BoundNamedAggregate): number => conditionWeight + weightOf(of);
