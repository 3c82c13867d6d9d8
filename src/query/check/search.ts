// Full-text search held against the catalog: which fields it reads, and what PostgreSQL is to look for in them.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { EntityQuery } from '../ask/entity-query.ts';
import type { Rank, Search } from '../ask/expression.ts';
import { placeOf, type SearchExpr, type SearchTerm } from '../ask/search-expression.ts';
import { whereFound } from '../ask/where-found.ts';
import type { BoundRank, BoundSearch, Source, TypedBound } from '../bound/expression.ts';
import type { CheckContext } from './context.ts';
import { isStorable } from './literal.ts';

/** Characters of one word or phrase. */
const termLengthMax = 1_000;

/** @returns the query with its search as a condition, and as its order where it has no other: the best match first */
export function withSearch(query: EntityQuery): EntityQuery {
  const { search, where, orderBy } = query;
  if (!search) return query;
  const at = placeOf(search);
  const byRank = [{ by: { kind: 'rank', search, at }, direction: 'desc', at } as const];
  return { ...query, where: whereFound(where, search), orderBy: orderBy?.length ? orderBy : byRank };
}

/** @throws INVALID_OPERATION where the entity has no search fields, LIMIT_EXCEEDED */
export function bindSearch(context: CheckContext, source: Source, expr: Search): TypedBound {
  const found = bindFound(context, source, expr);
  return typeof found === 'boolean'
    ? { kind: found ? 'and' : 'or', items: [] }
    : { kind: 'search', ...found };
}

/** @throws as bindSearch does */
export function bindRank(context: CheckContext, source: Source, expr: Rank): TypedBound {
  const wanted = withoutNegations(expr.search);
  const found = wanted && bindFound(context, source, { ...expr, search: wanted });
  if (typeof found !== 'object') return { kind: 'value', value: '0', cast: 'real', ...rankType };
  return { kind: 'rank', ...found, ...rankType };
}

const rankType = {
  type: { scalar: 'Float', list: false, sqlType: 'real' },
  nullable: false,
} as const satisfies Partial<BoundRank>;

/** What must not occur says nothing of how well a row matches, and PostgreSQL would give the rest no rank beside it. */
function withoutNegations(search: SearchExpr): SearchExpr | undefined {
  if (search.kind === 'term') return search;
  if (search.kind === 'not') return undefined;
  const items = search.items.map(withoutNegations).filter(item => item !== undefined);
  return items.length > 0 ? { kind: search.kind, items } : undefined;
}

/** @returns true or false where every row, or none, is found */
function bindFound(
  context: CheckContext,
  source: Source,
  { search, at }: Search | Rank,
): Omit<BoundSearch, 'kind'> | boolean {
  if (!source.entity) throw fault('INVALID_OPERATION', 'The elements of a list cannot be searched.', { at });
  const fields = searchFields(context, source.entity, at);
  const query = tsquery(context, search) ?? false;
  return typeof query === 'boolean' ? query : { source, fields, query };
}

/** Each of them is a reference, so that nobody searches what he may not read. */
function searchFields(context: CheckContext, entity: Entity, at?: number): ColumnField[] {
  if (entity.search.length > 0)
    return entity.search.map(name => context.field(entity, name, at) as ColumnField);
  throw fault('INVALID_OPERATION', `${entity.set} cannot be searched: it declares no search fields.`, {
    hint: 'Use a filter such as "contains".',
    at,
  });
}

/**
 * @returns text for to_tsquery, https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-PARSING-QUERIES;
 * true or false where it finds every row or none; undefined where there is nothing to look for
 */
function tsquery(context: CheckContext, search: SearchExpr): string | boolean | undefined {
  switch (search.kind) {
    case 'term':
      return termQuery(context, search);
    case 'not': {
      const inner = tsquery(context, search.item);
      return typeof inner === 'string' ? `!(${inner})` : inner === undefined ? undefined : !inner;
    }
    case 'and':
    case 'or':
      return junction(
        search.kind,
        search.items.map(item => tsquery(context, item)),
      );
  }
}

function junction(kind: 'and' | 'or', items: readonly (string | boolean | undefined)[]) {
  const decisive = kind === 'or';
  const given = items.filter(item => item !== undefined);
  if (given.length === 0) return undefined;
  if (given.includes(decisive)) return decisive;
  const queries = given.filter(item => typeof item === 'string');
  return queries.length === 0 ? !decisive : `(${queries.join(decisive ? ' | ' : ' & ')})`;
}

/** What stands between words is left out, so no character is left that means anything to to_tsquery. */
function termQuery(context: CheckContext, { text, prefix, at }: SearchTerm): string | boolean | undefined {
  context.node(at);
  if (text.length > termLengthMax) {
    throw fault('LIMIT_EXCEEDED', `A word or phrase to search for has at most ${termLengthMax} characters.`, {
      at,
    });
  }
  if (!isStorable(text)) return false;
  const words = text.replaceAll(/[\p{ASCII}--[a-zA-Z0-9]]+/gv, ' ').trim();
  return /[\p{L}\p{N}]/u.test(words) ? `'${words}'${prefix ? ':*' : ''}` : undefined;
}
