// `$filter`, `$select`, `$orderby`, `$expand` and others -> EntityQuery, as the OData API translates them.

import { Fault, fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { resolveResource } from '../../odata/model/resource.ts';
import type { VisibleModel } from '../../odata/model/visible-model.ts';
import { parseOptions } from '../../odata/parse/options.ts';
import { parsePath } from '../../odata/parse/path.ts';
import type { NestedOptions } from '../../odata/parse/selection-items.ts';
import { toQuery } from '../../odata/translate/to-query.ts';
import { negotiateJson } from '../../odata/url/media-type.ts';
import { parseUrl } from '../../odata/url/url.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { type ExportParams, odataParams, textParam } from '../options/export-params.ts';
import { defaultFields, isImportable } from './default-fields.ts';
import type { Selected, WordsContext } from './query-words.ts';

/** Without annotations, which are not part of the data. */
const plainForm = negotiateJson('application/json;metadata=none', undefined, '4.01');

/** @throws Fault, as the OData API */
export function odataWords(context: WordsContext, model: VisibleModel, params: ExportParams): Selected {
  try {
    return { query: translate(context, model, params) };
  } catch (error) {
    // An offset would be one into the URL as OData's parser reads it.
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, error.message, { ...error, cause: error.cause, at: undefined });
  }
}

function translate(context: WordsContext, model: VisibleModel, params: ExportParams): EntityQuery {
  const { limits } = context.api.engine;
  const url = parseUrl(`/${context.entity.set}`, toQueryString(params));
  const resource = resolveResource(model, parsePath(url.segments));
  if (resource.kind !== 'data') throw new Error('A set is data.');
  const options = withDefaults(context, context.entity, parseOptions(url));
  const { query } = toQuery({ model, form: plainForm, limits }, resource, options);
  if ('kind' in query) throw new Error('Only $apply makes another query.');
  return query;
}

/** Values are encoded once more, so that a quotation mark in one cannot reach into the next. */
const toQueryString = (params: ExportParams): string =>
  odataParams(params)
    .map(name => `${name}=${encodeURIComponent(textParam(params, name)!)}`)
    .join('&');

/** Without `$select`, the same fields as in the other words, of expanded entities too. */
function withDefaults<Options extends NestedOptions>(
  context: WordsContext,
  entity: Entity,
  options: Options,
): Options {
  const expand = options.expand?.map(item => {
    const relation = entity.fields.get(item.path[0]!);
    if (relation?.kind !== 'relation') return item;
    const target = context.api.engine.catalog.entities.get(relation.target)!;
    return { ...item, options: withDefaults(context, target, item.options) };
  });
  return { ...options, expand, select: options.select ?? defaultSelect(context, entity, options) };
}

function defaultSelect(
  { api, principal, importable }: WordsContext,
  entity: Entity,
  { compute = [] }: NestedOptions,
): NestedOptions['select'] {
  const names = defaultFields(api.engine, entity, principal);
  const shown = importable ? names.filter(name => isImportable(entity, name)) : names;
  return [...shown, ...compute.map(item => item.name)].map(name => ({ path: [name], at: 0 }));
}

/** @throws INVALID_OPERATION when a request mixes both */
export function refuseBoth(own: readonly string[], odata: readonly string[]): void {
  const [one, other] = [own[0], odata[0]];
  if (one === undefined || other === undefined) return;
  throw fault('INVALID_OPERATION', `"${one}" cannot be combined with "${other}".`, {
    hint: 'Use select, where, orderBy and search, or $select, $filter, $orderby, $expand and $search.',
    target: other,
  });
}
