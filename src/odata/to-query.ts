// What a URL addresses and asks for -> EntityQuery.

import type { Limits } from '../base/config.ts';
import { fault } from '../base/errors.ts';
import type { EntityQuery, Selection } from '../query/entity-query.ts';
import { and, type Expr } from '../query/expression.ts';
import type { ODataExpression } from './expression.ts';
import { type Page, toPage } from './page.ts';
import type { QueryOptions } from './parse-options.ts';
import { pathCondition } from './path-condition.ts';
import type { DataResource } from './resource.ts';
import { Budget } from './syntax.ts';
import { toExpr } from './to-expr.ts';
import { type SelectionContext, toOrder, toSelections } from './to-selection.ts';
import type { VisibleModel } from './visible-model.ts';

export interface QueryContext {
  readonly model: VisibleModel;
  readonly limits: Limits;
  /** The client's preference. */
  readonly pageSizeMax?: number;
}

export interface DataQuery {
  readonly query: EntityQuery;
  /** Of a list of entities. */
  readonly page?: Page;
  /** Finds the entity that the path leads through, to be asked when nothing was found. */
  readonly parent?: EntityQuery;
}

/** @throws Fault for options that do not go with the resource, and as the translations of the options do */
export function toQuery(context: QueryContext, resource: DataResource, options: QueryOptions): DataQuery {
  const { model } = context;
  const budget = new Budget();
  const translation = { catalog: model.catalog, budget, alias: options.alias };
  const selection = { model, budget, toExpr: (node: ODataExpression) => toExpr(translation, node) };
  const conditions = [...pathCondition(translation, resource.steps), ...filterOf(selection, options)];
  const base = { entity: nameOf(resource), where: conditions.length ? and(conditions) : undefined };
  const parent = parentQuery(translation, resource);
  if (resource.of === 'count') return { query: countQuery(base, resource), parent };
  if (resource.many) return { ...listQuery(context, selection, base, resource, options), parent };
  refuseListOptions(options);
  const select = resource.property
    ? propertySelection(resource)
    : entitySelection(selection, resource, options);
  return { query: { ...base, select, cardinality: 'one' }, parent };
}

type Base = Pick<EntityQuery, 'entity' | 'where'>;

const nameOf = ({ steps }: DataResource): string => steps.at(-1)!.entity.entity.name;

const filterOf = (context: SelectionContext, { filter }: QueryOptions): Expr[] =>
  filter ? [context.toExpr(filter)] : [];

const keySelection = ({ steps }: DataResource): Selection[] =>
  steps.at(-1)!.entity.entity.key.map(field => ({ kind: 'field', field, as: field }));

/** Order, page and selection do not change a number, and are passed over (OData 4.01 Part 1, 11.2.10). */
const countQuery = (base: Base, resource: DataResource): EntityQuery => ({
  ...base,
  select: keySelection(resource),
  take: 0,
  cardinality: 'many',
  count: 'exact',
});

function listQuery(
  context: QueryContext,
  selection: SelectionContext,
  base: Base,
  resource: DataResource,
  options: QueryOptions,
): DataQuery {
  const select = toSelections(selection, resource.steps.at(-1)!.entity, options);
  const page = toPage({ ...options, sizeMax: context.pageSizeMax }, select, context.limits);
  const orderBy = options.orderby && toOrder(selection, options.orderby);
  const count = options.count ? 'exact' : 'none';
  return {
    page,
    query: { ...base, select, orderBy, take: page.take, skip: page.skip, cardinality: 'many', count },
  };
}

const entitySelection = (
  selection: SelectionContext,
  { steps }: DataResource,
  options: QueryOptions,
): Selection[] => toSelections(selection, steps.at(-1)!.entity, options);

/** Under the name that OData gives the value of a single field. */
const propertySelection = ({ property }: DataResource): Selection[] => [
  { kind: 'field', field: property!.name, as: 'value' },
];

const listOptions = ['filter', 'orderby', 'top', 'skip', 'count'] as const;

function refuseListOptions(options: QueryOptions): void {
  const misplaced = listOptions.find(name => options[name] !== undefined);
  if (!misplaced) return;
  throw fault('INVALID_OPERATION', `$${misplaced} goes with a collection; this is one entity.`, {
    target: `$${misplaced}`,
  });
}

function parentQuery(
  translation: Parameters<typeof pathCondition>[0],
  resource: DataResource,
): EntityQuery | undefined {
  const steps = resource.steps.slice(0, -1);
  if (steps.length === 0) return undefined;
  const above: DataResource = { ...resource, steps };
  const where = and(pathCondition(translation, steps));
  return { entity: nameOf(above), where, select: keySelection(above), cardinality: 'one' };
}
