// What a query is estimated to cost, before anything of it is run: values of the answer, and rows that are looked at on the
// way to it. One of cost is what a value costs, about a quarter of a microsecond of the database's time.

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

/** What a list that is gone through as a whole is taken to have: one pass through a table is no runaway, however long. */
export const wholeListRows = 1_000;
/** Rows that are looked at for a condition on related rows, where the table has more. */
export const candidatesMax = 100_000;

/** What costs most in a query, to be named where it costs too much. */
interface Heaviest {
  readonly path: string;
  readonly rows: number;
  readonly cost: number;
}

/** Rows of which each has related rows. */
interface Parents {
  readonly entity: Entity;
  readonly rows: number;
  /** Whether no row is among them twice. */
  readonly distinct: boolean;
  readonly path: string;
}

export interface Estimate {
  /** At least 1. */
  readonly cost: number;
  readonly heaviest?: Heaviest;
}

/** @param take rows of the list itself */
export function estimate(statistics: Statistics, query: BoundQuery, take = query.take): Estimate {
  const estimator = new Estimator(statistics);
  const cost = Math.ceil(estimator.root(query, take)) || 1;
  return { cost, heaviest: estimator.heaviest };
}

/** @returns as many rows of a list as can be had for a cost, 1 at the least */
export function rowsAffordable(statistics: Statistics, query: BoundQuery, costMax: number): number {
  const isAffordable = (take: number) => estimate(statistics, query, take).cost <= costMax;
  if (isAffordable(query.take)) return query.take;
  let [few, many] = [1, query.take];
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    if (isAffordable(middle)) few = middle;
    else many = middle;
  }
  return few;
}

/** @returns LIMIT_EXCEEDED for what costs more than is allowed */
export function tooCostly({ cost, heaviest }: Estimate, { costMax }: Limits, at?: number): Fault {
  const most = heaviest && `Most of it is ${heaviest.path}, with about ${heaviest.rows} rows to read. `;
  return fault(
    'LIMIT_EXCEEDED',
    `The query has an estimated cost ${cost}, more than the ${costMax} allowed.`,
    {
      hint: `${most ?? ''}The cost is rows times values in each, and rows that are read on the way, estimated from the size of the tables. Ask for fewer rows with "take" or "first" (OData: $top), in nested lists too, or for fewer fields or levels.`,
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
    const known = query.given === undefined ? this.#statistics.rowsOf(entity) : undefined;
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

  /** What conditions and orders on related rows cost for each row that may meet them. */
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
        const looked = this.#lookedAt(this.#fanOut(parents, selection.count.over.field), parents);
        return this.#note(selection.as, parents, looked, looked * this.#weightOfEach(selection.count.where));
      }
      case 'aggregate': {
        const looked = this.#lookedAt(this.#fanOut(parents, selection.relation), parents);
        const each = this.#weightOfEach(selection.where) + sum(selection.aggregates, weightOfAggregate);
        return this.#note(
          selection.as,
          parents,
          looked,
          looked * each + parents.rows * selection.aggregates.length,
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
    const looked = this.#lookedAt(fanOut, parents);
    const expected = Math.max(1, parents.distinct ? fanOut.mean : fanOut.biased);
    const rows = parents.rows * Math.min(query.take, expected);
    const distinct = parents.distinct && relation.link.kind === 'columns';
    const { orderBy } = query;
    const each = this.#weightOfEach(query.where) + weightOfOrder(orderBy) + this.#tried({ orderBy });
    const own = looked * each + looked * weightOfCounts(query) + rows;
    this.#note(as, parents, looked, own);
    const path = `${parents.path}.${as}`;
    return own + this.#below(query.select, { entity: query.source.entity, rows, distinct, path });
  }

  /** Of a related row that is looked at. */
  #weightOfEach(where: BoundQuery['where']): number {
    return lookedAtWeight + weightOf(where, over => fanOutIn(this.#statistics, over));
  }

  #fanOut({ entity }: Parents, field: Parameters<FanOutOf>[0]['field']): FanOut {
    if (field.kind === 'relation') return this.#statistics.fanOut(entity, field);
    return { mean: fanOutUnknown, biased: fanOutUnknown, max: fanOutUnknown };
  }

  /** No row more than once where no parent is there twice; otherwise all may be the parent with the most. */
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

/** Of one row that is counted beside those that are given. */
function weightOfCounts({ count, connection = [], where }: BoundQuery): number {
  const counts = connection.filter(({ kind }) => kind === 'total').length + (count ? 1 : 0);
  return counts === 0 ? 0 : 1 + weightOf(where);
}

/** The row's own fields are at hand. */
export const weightOfOrder = (terms: readonly BoundOrder[], fanOut?: FanOutOf): number =>
  sum(terms, ({ by }) => (by.kind === 'field' && by.path.length === 0 ? 0 : weightOf(by, fanOut)));

const weightOfAggregate = ({ of }: BoundNamedAggregate): number => conditionWeight + weightOf(of);
