// What a query is reckoned to cost, before anything of it is run: rows x width, in values of the answer.

import type { Limits } from '../../base/config/config.ts';
import { type Fault, fault } from '../../base/errors.ts';
import type { AggregateQuery, NamedAggregate } from '../ask/aggregate-query.ts';
import type { ConnectionMember, EntityQuery, Selection } from '../ask/entity-query.ts';
import type { Expr } from '../ask/expression.ts';
import type { OrderTerm } from '../ask/order-term.ts';
import type { Flow, PipelineQuery, Stage } from '../ask/pipeline-query.ts';

/** What a nested list that asks for no number is reckoned to have a parent; related rows that are counted, too. */
export const nestedRowsExpected = 30;
/** What a whole list is reckoned to have, where all of it is counted, or taken together. */
const wholeListRows = 1_000;
/** Related rows that are looked at until one of them decides. */
const relatedRowsTried = 10;
/** A condition is looked at, but not written. */
const conditionWeight = 0.1;
const rankWeight = 10;

type ListQuery = Omit<EntityQuery, 'entity' | 'cardinality'>;

/** @param take rows at the most @returns values, 1 at the least */
export function costOf(query: EntityQuery | AggregateQuery, take: number): number {
  if ('kind' in query) return Math.ceil(wholeListRows * weightOfGroups(query) + take * query.select.length);
  return Math.ceil(wholeListRows * weightOfCounts(query) + take * rowCost(query)) || 1;
}

/** @returns a row, and all related rows at the most */
export function rowsPerRow(query: Pick<EntityQuery, 'select' | 'connection'>): number {
  let rows = 1;
  for (const selection of selectedBy(query)) {
    if (selection.kind === 'relation') rows += takeOf(selection.query) * rowsPerRow(selection.query);
  }
  return rows;
}

/** @returns how many rows of a list can be given within the limits, 1 at the least */
export function rowsAffordable(query: ListQuery, { rowsMax, costMax }: Limits): number {
  const left = costMax - wholeListRows * weightOfCounts(query);
  return Math.max(1, Math.floor(Math.min(rowsMax / rowsPerRow(query), left / rowCost(query))));
}

/** @returns LIMIT_EXCEEDED for what costs more than is allowed */
export const tooCostly = (cost: number, { costMax }: Limits, at?: number): Fault =>
  fault('LIMIT_EXCEEDED', `The query is reckoned to cost ${cost}, more than the ${costMax} allowed.`, {
    hint: 'The cost is rows times values in each. Ask for fewer rows with "take" (OData: $top), in nested lists too, or for fewer of their fields.',
    at,
  });

/** One for the row itself, one for each of its values, and what stands below. */
function rowCost({ where, search, orderBy = [], ...query }: ListQuery): number {
  let cost = 1 + weightOf(where) + weightOfOrder(orderBy);
  if (search) cost += orderBy.length > 0 ? conditionWeight : rankWeight;
  for (const selection of selectedBy(query)) cost += valueCost(selection);
  return cost;
}

function valueCost(selection: Selection): number {
  switch (selection.kind) {
    case 'constant':
      return 0;
    case 'count':
      return nestedRowsExpected * (1 + weightOf(selection.where));
    case 'aggregate':
      return nestedRowsExpected * (1 + weightOf(selection.where)) + selection.aggregates.length;
    case 'relation':
      return costOfNested(selection.query);
    case 'value':
      return 1 + weightOf(selection.of);
    default:
      return 1;
  }
}

const costOfNested = (query: EntityQuery): number =>
  takeOf(query) * rowCost(query) + nestedRowsExpected * weightOfCounts(query);

const takeOf = ({ cardinality, take = nestedRowsExpected }: EntityQuery): number =>
  cardinality === 'one' ? 1 : take;

function selectedBy({
  select,
  connection,
}: Pick<EntityQuery, 'select' | 'connection'>): readonly Selection[] {
  return connection ? connection.flatMap(selectedByMember) : select;
}

function selectedByMember(member: ConnectionMember): readonly Selection[] {
  if (member.kind === 'nodes') return member.select;
  if (member.kind !== 'edges') return [];
  return member.edge.flatMap(part => (part.kind === 'node' ? part.select : []));
}

/** Of one row that is counted beside those that are given. */
function weightOfCounts({ count, connection = [], where }: ListQuery): number {
  const counts = connection.filter(({ kind }) => kind === 'total').length + (count === 'exact' ? 1 : 0);
  return counts === 0 ? 0 : 1 + weightOf(where);
}

/** Of one row that is put into a group. */
const weightOfGroups = ({ where, groupBy = [], aggregates, having, orderBy = [] }: AggregateQuery): number =>
  1 +
  weightOf(where) +
  sum(groupBy, key => weightOf(key.by)) +
  sum(aggregates, weightOfAggregate) +
  weightOf(having) +
  weightOfOrder(orderBy);

/** Every stage is reckoned to go through a whole list. */
export const costOfPipeline = ({ flow }: PipelineQuery, take: number): number =>
  Math.ceil(wholeListRows * weightOfFlow(flow) + take * widthOf(flow));

const weightOfFlow = ({ stages, flows = [] }: Flow): number =>
  1 + sum(stages, weightOfStage) + sum(flows, weightOfFlow);

const widthOf = ({ select, flows = [] }: Flow): number =>
  select ? select.length : Math.max(0, ...flows.map(widthOf));

function weightOfStage(stage: Stage): number {
  switch (stage.kind) {
    case 'where':
      return weightOf(stage.where);
    case 'compute':
      return sum(stage.values, value => weightOf(value.by));
    case 'share':
      return sum(stage.by, weightOf) + sum(stage.aggregates, weightOfAggregate);
    case 'group':
      return sum(stage.by, key => weightOf(key.by)) + sum(stage.aggregates, weightOfAggregate);
    case 'order':
      return weightOfOrder(stage.orderBy);
    case 'number':
      return sum(stage.by, weightOf) + weightOfOrder(stage.orderBy);
    case 'page':
      return conditionWeight;
  }
}

const weightOfAggregate = ({ of }: NamedAggregate): number => conditionWeight + weightOf(of);

const weightOfOrder = (terms: readonly OrderTerm[]): number => sum(terms, term => weightOf(term.by));

function weightOf(expr: Expr | undefined): number {
  switch (expr?.kind) {
    case undefined:
    case 'literal':
      return 0;
    case 'path':
      return conditionWeight * expr.segments.length;
    case 'compare':
      return weightOf(expr.left) + weightOf(expr.right);
    case 'in':
    case 'isNull':
    case 'not':
      return weightOf(expr.item);
    case 'and':
    case 'or':
      return sum(expr.items, weightOf);
    case 'call':
      return conditionWeight + sum(expr.args, weightOf);
    case 'case':
      return sum(expr.branches, ({ when, value }) => weightOf(when) + weightOf(value));
    case 'cast':
    case 'isOf':
      return conditionWeight + weightOf(expr.item);
    case 'lookup':
      return 1 + weightOf(expr.of);
    case 'search':
      return conditionWeight;
    case 'rank':
      return rankWeight;
    case 'any':
    case 'all':
      return relatedRowsTried * (1 + weightOf(expr.where));
    case 'count':
    case 'elements':
      return nestedRowsExpected * (1 + weightOf(expr.where));
    case 'aggregate':
      return nestedRowsExpected * (1 + weightOf(expr.where) + weightOf(expr.of));
  }
}

function sum<T>(items: readonly T[], weigh: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += weigh(item);
  return total;
}
