// EntityQuery -> BoundQuery: checked against the catalog and the limits. Permission is decided later, by access.ts, on the references
// that are collected here.

import { fault } from '../../base/errors.ts';
import type { Entity, Field, RelationField, ValueType } from '../../catalog/catalog.ts';
import type {
  CountSelection,
  EntityQuery,
  RelationSelection,
  Selection,
  TypeSelection,
} from '../ask/entity-query.ts';
import { type BoundCount, type BoundOrder, typeOf } from '../bound/expression.ts';
import type { BoundQuery, BoundSelection } from '../bound/query.ts';
import { bindRelatedAggregate } from './aggregate.ts';
import { countType } from './aggregate-type.ts';
import { bindConnection, selectedInConnection } from './connection.ts';
import type { CheckContext } from './context.ts';
import { estimate, rowsAffordable, tooCostly } from './cost/cost.ts';
import { budgetOf, pageableBudget, rowNeed, rowsAtLeast, rowsWithRoom } from './cost/row-budget.ts';
import { bindCondition, bindStorable } from './expression.ts';
import { bindOrderTerms, endedByKey } from './order.ts';
import { bindPage } from './page.ts';
import { type Scope, scopeOf } from './path.ts';
import { withSearch } from './search.ts';

/** @throws UNKNOWN_ENTITY, UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED */
export function checkQuery(context: CheckContext, query: EntityQuery): BoundQuery {
  const requested = bindQuery(context, query, 1, new Map());
  const bound = query.pageable ? withPage(context, requested) : requested;
  refuseRows(context, bound, query.at);
  context.spend(estimate(context.statistics, bound), query.at);
  return bound;
}

/** Limits the page of a pageable query to the rows that fit, with their nested lists, into a tenth of the answer's limits. */
function withPage({ statistics, limits }: CheckContext, bound: BoundQuery): BoundQuery {
  const budget = budgetOf(bound, true);
  const cost = limits.costMax * pageableBudget;
  const affordable = bound.take > 1 ? rowsAffordable(statistics, bound, cost) : bound.take;
  const needed = Math.max(1, Math.floor(budget / bound.need.below));
  const take = Math.min(affordable, needed, rowsWithRoom(statistics, bound));
  return { ...bound, take, need: { ...bound.need, budget } };
}

/** @throws LIMIT_EXCEEDED if even the lists that must not be truncated exceed the limits */
function refuseRows({ limits }: CheckContext, bound: BoundQuery, at?: number): void {
  const rows = rowsAtLeast(bound);
  if (rows > limits.rowsMax) {
    throw fault(
      'LIMIT_EXCEEDED',
      `The answer could have ${rows} rows, more than the maximum of ${limits.rowsMax}.`,
      { hint: 'Request fewer rows with "take" (OData: $top), also in nested lists.', at },
    );
  }
  const share = bound.take * bound.need.below;
  if (share <= bound.need.budget) return;
  throw tooCostly({ cost: Math.ceil(share * limits.costMax) }, limits, at);
}

/** @param outer the variables of the enclosing queries */
function bindQuery(
  context: CheckContext,
  unbound: EntityQuery,
  depth: number,
  outer: Scope['variables'],
): BoundQuery {
  const query = withSearch(unbound);
  const { depthMax } = context.limits;
  if (depth > depthMax) {
    throw fault('LIMIT_EXCEEDED', `The query is nested more than ${depthMax} levels deep.`, { at: query.at });
  }
  const entity = context.catalog.entities.get(query.entity);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity "${query.entity}".`, { at: query.at });
  context.references.push({ entity, at: query.at });
  const scope = scopeWithin(outer, entity, query.variable);
  const bind = (selection: Selection) => bindSelection(context, { scope, entity }, selection, depth);
  const connection = query.connection && bindConnection(query.connection, bind);
  const select = connection ? selectedInConnection(connection) : query.select.map(bind);
  const where = query.where && bindCondition(context, scope, query.where);
  for (const expr of query.mentioned ?? []) bindStorable(context, scope, expr);
  const orderBy = bindOrder(context, scope, entity, query);
  const page = bindPage(context, entity, query, orderBy);
  const take = query.cardinality === 'one' ? 1 : checkTake(context, query);
  const flexible = depth > 1 && query.cardinality === 'many' && isFlexible(query);
  return {
    source: scope.root as BoundQuery['source'],
    select,
    sourceRows: query.sourceRows,
    where,
    orderBy,
    take: Math.min(take, page?.left ?? take),
    takeIsDefault: query.take === undefined && query.cardinality === 'many',
    skip: checkSkip(query),
    cardinality: query.cardinality,
    count: query.count === 'exact',
    page,
    connection,
    need: rowNeed(select, context.limits, flexible),
    continuation: query.continuation,
  };
}

/** A list with an explicit `take` gets that many rows, unless the caller can request the rest. */
const isFlexible = ({ take, continuation }: EntityQuery): boolean =>
  take === undefined || continuation !== undefined;

function scopeWithin(outer: Scope['variables'], entity: Entity, variable: string | undefined): Scope {
  const { root } = scopeOf(entity);
  return { root, variables: variable === undefined ? outer : new Map(outer).set(variable, root) };
}

type Page = Pick<EntityQuery, 'take' | 'skip' | 'backward' | 'connection' | 'continuation' | 'at'>;

/** @returns the maximum number of rows @throws INVALID_VALUE, LIMIT_EXCEEDED */
export function checkTake(
  context: CheckContext,
  { take, backward, connection, continuation, at }: Page,
): number {
  const { takeDefault, takeMax } = context.limits;
  if (take === undefined) return takeDefault;
  const name = connection ? (backward ? 'last' : 'first') : 'take';
  if (!Number.isSafeInteger(take) || take < 0) {
    throw fault('INVALID_VALUE', `"${name}" must be a whole number from 0 to ${takeMax}.`, { at });
  }
  if (take > takeMax && continuation) return takeMax;
  if (take > takeMax) {
    throw fault('LIMIT_EXCEEDED', `"${name}" is ${take}, more than the maximum of ${takeMax}.`, {
      hint: `Read the list in pages with ${connection ? '"first" and "after"' : '"take" and "skip"'}.`,
      at,
    });
  }
  return take;
}

/** @returns the number of rows to skip @throws INVALID_VALUE */
export function checkSkip({ skip = 0, at }: Page): number {
  if (Number.isSafeInteger(skip) && skip >= 0) return skip;
  throw fault('INVALID_VALUE', '"skip" must be a whole number, 0 or more.', { at });
}

/** The row of which something is selected. */
interface SelectedRow {
  readonly scope: Scope;
  readonly entity: Entity;
}

function bindSelection(
  context: CheckContext,
  { scope, entity }: SelectedRow,
  selection: Selection,
  depth: number,
): BoundSelection {
  const { as } = selection;
  if (selection.kind === 'constant') return { kind: 'constant', as, value: selection.value };
  context.node(selection.at);
  if (selection.kind === 'relation') return bindRelation(context, { scope, entity }, selection, depth);
  if (selection.kind === 'count')
    return { kind: 'count', as, count: bindCountOf(context, scope, entity, selection) };
  if (selection.kind === 'aggregate') return bindRelatedAggregate(context, entity, selection);
  if (selection.kind === 'version') return { kind: 'version', as };
  if (selection.kind === 'value')
    return { kind: 'value', as, value: bindStorable(context, scope, selection.of) };
  if (selection.kind === 'type')
    return { kind: 'constant', as, value: selectedType(context, scope, selection) };
  const field = context.field(entity, selection.field, selection.at);
  if (field.kind === 'function') return { kind: 'function', as, field };
  if (field.kind !== 'relation') return { kind: 'column', as, field };
  throw fault('INVALID_OPERATION', `"${field.name}" is a relation: select fields of it.`, {
    hint: `${field.name} { … }`,
    at: selection.at,
  });
}

function selectedType(context: CheckContext, scope: Scope, { of, names }: TypeSelection): string {
  return typeName(typeOf(bindStorable(context, scope, of)), names);
}

/** @returns the name of a type for a TypeSelection */
export function typeName(type: ValueType, names: TypeSelection['names']): string {
  const name = `${type.enum?.name ?? type.scalar}${type.list ? '[]' : ''}`;
  return names[name] ?? name;
}

function bindRelation(
  context: CheckContext,
  { scope, entity }: SelectedRow,
  selection: RelationSelection,
  depth: number,
): BoundSelection {
  const relation = relationOf(context.field(entity, selection.relation, selection.at), selection.at);
  const { query } = selection;
  if (query.entity !== relation.target)
    throw new Error(`${relation.name} leads to ${relation.target}, not ${query.entity}.`);
  if (relation.list !== (query.cardinality === 'many'))
    throw new Error(`${relation.name}: wrong cardinality.`);
  if (!relation.list && (query.where || query.search || query.orderBy?.length || query.skip)) {
    throw fault(
      'INVALID_OPERATION',
      `"${relation.name}" is a to-one relation: it cannot be filtered, sorted or paged.`,
      { at: selection.at },
    );
  }
  return {
    kind: 'relation',
    as: selection.as,
    relation,
    query: bindQuery(context, query, depth + 1, scope.variables),
  };
}

function bindCountOf(
  context: CheckContext,
  scope: Scope,
  entity: Entity,
  selection: CountSelection,
): BoundCount {
  const relation = relationOf(context.field(entity, selection.relation, selection.at), selection.at);
  if (!relation.list)
    throw fault('INVALID_OPERATION', `"${relation.name}" is a to-one relation: it cannot be counted.`, {
      at: selection.at,
    });
  const each = { entity: context.target(relation.target) };
  const inner = { root: each, variables: scope.variables };
  return {
    kind: 'count',
    over: { source: scope.root, path: [], field: relation, each },
    where: selection.where && bindCondition(context, inner, selection.where),
    type: countType,
    nullable: false,
  };
}

function relationOf(field: Field, at?: number): RelationField {
  if (field.kind === 'relation') return field;
  throw fault('INVALID_OPERATION', `"${field.name}" is a value: it has no fields of its own.`, { at });
}

function bindOrder(context: CheckContext, scope: Scope, entity: Entity, query: EntityQuery): BoundOrder[] {
  const terms = bindOrderTerms(context, scope, query.orderBy, query.at);
  if (query.cardinality === 'one' && terms.length === 0) return [];
  return endedByKey(scope, entity, terms);
}
