// The resource and options of a URL -> EntityQuery.

import type { Limits } from '../../base/config/config.ts';
import { fault } from '../../base/errors.ts';
import type { ValueField } from '../../catalog/catalog.ts';
import type { EntityQuery, Selection } from '../../query/ask/entity-query.ts';
import { and } from '../../query/ask/expression.ts';
import type { ReadQuery } from '../../query/engine.ts';
import type { LinkParts } from '../answer/nested-link.ts';
import type { DataResource, Step } from '../model/resource.ts';
import type { VisibleModel } from '../model/visible-model.ts';
import type { Transformation } from '../parse/apply.ts';
import type { QueryOptions } from '../parse/options.ts';
import type { JsonForm } from '../url/media-type.ts';
import { Budget, notServed } from '../url/syntax.ts';
import { type AppliedPage, toAppliedQuery, withoutPlainApply } from './applied-query.ts';
import { mentionedBy, withComputed } from './computed.ts';
import { countOfList, listSelection } from './list-selection.ts';
import { pageSize } from './page.ts';
import { pathCondition } from './path-condition.ts';
import { referenceSelections } from './references.ts';
import { toExpr } from './to-expr.ts';
import { toOrder } from './to-order.ts';
import { toSelections } from './to-selection.ts';
import { itVariable, type Translation } from './translation.ts';

export interface QueryContext {
  readonly model: VisibleModel;
  readonly form: Pick<JsonForm, 'prefix' | 'metadata' | 'tags'>;
  readonly limits: Limits;
  /** The page size that the client prefers. */
  readonly pageSizeMax?: number;
  readonly links?: LinkParts;
}

export interface DataQuery {
  readonly query: ReadQuery;
  /** Finds the parent entity in the path; run when nothing was found. */
  readonly parent?: EntityQuery;
  /** The page of a $apply result. */
  readonly applied?: AppliedPage;
}

/** @throws Fault for options that do not fit the resource, and like the translations of the options */
export function toQuery(
  context: QueryContext,
  resource: DataResource,
  queryOptions: QueryOptions,
): DataQuery {
  const options = withoutPlainApply(queryOptions);
  const step = resource.steps.at(-1)!;
  const { catalog } = context.model;
  const plain = { catalog, budget: new Budget(), alias: options.alias };
  const translation = withComputed(plain, step.entity, options.compute);
  const request = { ...context, translation, resource, options, step };
  const parent = parentQuery(request);
  if (options.apply) return { ...appliedQuery(request, options.apply), parent };
  if (resource.of === 'count' && !resource.property) return { query: countQuery(request), parent };
  if (resource.many) return { query: listQuery(request), parent };
  return { query: oneQuery(request), parent };
}

interface DataRequest extends QueryContext {
  readonly translation: Translation;
  readonly resource: DataResource;
  readonly options: QueryOptions;
  /** The last step of the path. */
  readonly step: Step;
}

function appliedQuery(request: DataRequest, apply: readonly Transformation[]): Omit<DataQuery, 'parent'> {
  const { translation, resource, step } = request;
  const { computed: _, ...plain } = translation;
  return toAppliedQuery({
    ...request,
    translation: plain,
    entity: step.entity,
    apply,
    where: pathCondition(plain, resource.steps),
  });
}

/** Finds everything that the path addresses and the filter matches. */
function baseOf({
  translation,
  resource,
  options,
  step,
}: DataRequest): Pick<EntityQuery, 'entity' | 'variable' | 'where' | 'mentioned' | 'search'> {
  const conditions = pathCondition(translation, resource.steps);
  for (const filter of step.filters ?? []) conditions.push(toExpr(translation, filter));
  if (options.filter) conditions.push(toExpr({ ...translation, slotted: true }, options.filter));
  return {
    entity: step.entity.entity.name,
    variable: itVariable,
    where: conditions.length > 0 ? and(conditions) : undefined,
    mentioned: mentionedBy(translation, options.compute),
    search: options.search,
  };
}

/** Order, page and selection do not affect a count and are ignored (OData 4.01 Part 1, 11.2.10). */
const countQuery = (request: DataRequest): EntityQuery => ({
  ...baseOf(request),
  select: keySelection(request.step),
  take: 0,
  cardinality: 'many',
  count: 'exact',
});

function listQuery(request: DataRequest): EntityQuery {
  const { options, limits, pageSizeMax, translation } = request;
  const { top, skip, skiptoken } = options;
  const list = {
    ...baseOf(request),
    select: entitySelection(request),
    orderBy: options.orderby && toOrder(translation, options.orderby),
    count: options.count ? 'exact' : 'none',
  } as const;
  return {
    ...list,
    take: pageSize(pageSizeMax, limits),
    pageable: true,
    skip,
    after: skiptoken?.text,
    limit: top,
    next: true,
    cardinality: 'many',
    at: skiptoken?.at,
  };
}

function oneQuery(request: DataRequest): EntityQuery {
  const { property } = request.resource;
  if (!property?.type.list) refuseListOptions(request.options);
  const select = property ? propertySelection(request, property) : [headerTag, ...entitySelection(request)];
  const base = property
    ? { ...baseOf({ ...request, options: withoutFilter(request.options) }) }
    : baseOf(request);
  return { ...base, select, cardinality: 'one', pageable: true };
}

/** Selected first, so that it can be removed from the answer and sent as a header. */
const headerTag: Selection = { kind: 'version', as: '~etag' };

const listOptions = ['filter', 'search', 'orderby', 'top', 'skip', 'skiptoken', 'count'] as const;

/** @throws INVALID_OPERATION for options that only collections take */
export function refuseListOptions(options: QueryOptions): void {
  const misplaced = listOptions.find(name => options[name] !== undefined);
  if (!misplaced) return;
  throw fault('INVALID_OPERATION', `$${misplaced} needs a collection; this is a single entity.`, {
    target: `$${misplaced}`,
  });
}

const entitySelection = ({
  model,
  form,
  translation,
  resource,
  step,
  options,
  links,
}: DataRequest): Selection[] =>
  resource.asReferences
    ? referenceSelections(step.entity, options)
    : toSelections({ model, form, translation, links }, step.entity, options);

/** For a list of values, the filter applies to the values. */
const withoutFilter = (options: QueryOptions): QueryOptions => ({ ...options, filter: undefined });

/** Selects a single field as `value`, its name in OData's JSON. */
function propertySelection(
  { resource, options, translation, form }: DataRequest,
  field: ValueField,
): Selection[] {
  if (!field.type.list) return [{ kind: 'field', field: field.name, as: 'value' }];
  const { filter, orderby, top, skip, count, search, skiptoken } = options;
  if (count ?? search ?? skiptoken) throw notServed('$count, $search and $skiptoken on a list of values');
  if (resource.of === 'count') return [countOfList(translation, { field, as: 'value', options: { filter } })];
  return listSelection(translation, form, { field, as: 'value', options: { filter, orderby, top, skip } });
}

const keySelection = ({ entity: { entity } }: Step): Selection[] =>
  entity.key.map(field => ({ kind: 'field', field, as: field }));

function parentQuery({ translation, resource }: DataRequest): EntityQuery | undefined {
  const steps = resource.steps.slice(0, -1);
  const parent = steps.at(-1);
  if (!parent) return undefined;
  const where = and(pathCondition(translation, steps));
  return { entity: parent.entity.entity.name, where, select: keySelection(parent), cardinality: 'one' };
}
