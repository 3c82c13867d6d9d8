// A set with $apply -> PipelineQuery, and its requested page.

import type { Limits } from '../../base/config/config.ts';
import { fault } from '../../base/errors.ts';
import { and, type Expr } from '../../query/ask/expression.ts';
import type { Flow, PipelineQuery } from '../../query/ask/pipeline-query.ts';
import type { DataResource } from '../model/resource.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { Transformation } from '../parse/apply.ts';
import type { ODataExpression } from '../parse/odata-expression.ts';
import type { QueryOptions } from '../parse/options.ts';
import { notServed } from '../url/syntax.ts';
import { toApplied } from './to-apply.ts';
import type { SelectionContext } from './to-selection.ts';

/** When $apply only filters and searches, its rows are ordinary entities, which can be expanded and paged. */
export function withoutPlainApply({ apply, ...options }: QueryOptions): QueryOptions {
  if (!apply) return options;
  const filters = apply.flatMap(step => (step.kind === 'filter' ? [step.where] : []));
  const searches = apply.flatMap(step => (step.kind === 'search' ? [step.search] : []));
  const isPlain = filters.length + searches.length === apply.length;
  if (!isPlain || searches.length + (options.search ? 1 : 0) > 1) return { ...options, apply };
  const items = options.filter ? [...filters, options.filter] : filters;
  const filter: ODataExpression | undefined =
    items.length > 1 ? { kind: 'and', items, at: items[0]!.at } : items[0];
  return { ...options, filter, search: options.search ?? searches[0] };
}

interface AppliedRequest extends SelectionContext {
  readonly limits: Limits;
  readonly pageSizeMax?: number;
  readonly resource: DataResource;
  readonly options: QueryOptions;
  readonly entity: VisibleEntity;
  readonly apply: readonly Transformation[];
  /** The conditions of the path. */
  readonly where: readonly Expr[];
}

export interface AppliedPage {
  /** The columns of the rows, as in Applied. */
  readonly columns?: string;
  /** Options of the next page, if there is one: `$skip=1000`. */
  readonly next?: string;
}

/** @throws like `toApplied`, and INVALID_OPERATION for anything but a collection of entities */
export function toAppliedQuery(request: AppliedRequest): { query: PipelineQuery; applied: AppliedPage } {
  const { resource, options, entity, apply, where, limits, pageSizeMax } = request;
  const { top, skip = 0, count } = options;
  refuseOtherOptions(resource, options);
  const { flow, columns } = toApplied(request, entity, apply, options);
  const page = Math.min(pageSizeMax ?? limits.takeDefault, limits.takeMax);
  const take = Math.min(top ?? page, page);
  const onlyCount = resource.of === 'count';
  const query: PipelineQuery = {
    kind: 'pipeline',
    entity: entity.entity.name,
    flow: where.length > 0 ? withCondition(and(where), flow) : flow,
    take: onlyCount ? 0 : take,
    skip: onlyCount ? 0 : skip,
    count: onlyCount || count,
  };
  return { query, applied: { columns, next: nextPage(take, skip, top) } };
}

function refuseOtherOptions(resource: DataResource, options: QueryOptions): void {
  if (!resource.many || (resource.of !== 'entities' && resource.of !== 'count')) {
    throw fault('INVALID_OPERATION', '$apply needs a collection; this is a single entity.', {
      target: '$apply',
    });
  }
  if (options.expand) throw notServed('$expand with $apply', options.expand[0]!.at);
  if (options.search) throw notServed('$search with $apply', undefined, 'Write $apply=search(...)/….');
  if (options.skiptoken) throw notServed('$skiptoken with $apply', options.skiptoken.at);
}

const withCondition = (where: Expr, flow: Flow): Flow => ({
  ...flow,
  stages: [{ kind: 'where', where }, ...flow.stages],
});

function nextPage(take: number, skip: number, top: number | undefined): string | undefined {
  if (top === undefined) return `$skip=${skip + take}`;
  return top > take ? `$skip=${skip + take}&$top=${top - take}` : undefined;
}
