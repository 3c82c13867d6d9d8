// Checks full-text search against the catalog: which fields it reads, and the tsquery to search for.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { EntityQuery } from '../ask/entity-query.ts';
import type { Rank, Search } from '../ask/expression.ts';
import { type SearchExpr, type SearchTerm, searchPosition } from '../ask/search-expression.ts';
import { whereFound } from '../ask/where-found.ts';
import type { BoundRank, BoundSearch, Source, TypedBound } from '../bound/expression.ts';
import type { CheckContext } from './context.ts';
import { isStorable } from './literal.ts';

/** Maximum number of characters of a word or phrase. */
const termLengthMax = 1_000;

/** @returns the query with its search as a condition, and, if it has no order, sorted by best match */
export function withSearch(query: EntityQuery): EntityQuery {
  const { search, where, orderBy } = query;
  if (!search) return query;
  const at = searchPosition(search);
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

/** @throws as `bindSearch` */
export function bindRank(context: CheckContext, source: Source, expr: Rank): TypedBound {
  const positive = withoutNegations(expr.search);
  const found = positive && bindFound(context, source, { ...expr, search: positive });
  if (typeof found !== 'object') return { kind: 'value', value: '0', cast: 'real', ...rankType };
  return { kind: 'rank', ...found, ...rankType };
}

const rankType = {
  type: { scalar: 'Float', list: false, sqlType: 'real' },
  nullable: false,
} as const satisfies Partial<BoundRank>;

/** Negated terms do not affect how well a row matches, and with them PostgreSQL would not rank the other terms. */
function withoutNegations(search: SearchExpr): SearchExpr | undefined {
  if (search.kind === 'term') return search;
  if (search.kind === 'not') return undefined;
  const items = search.items.map(withoutNegations).filter(item => item !== undefined);
  return items.length > 0 ? { kind: search.kind, items } : undefined;
}

/** @returns true if the search finds every row, false if it finds none */
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

/** Adds each field to the references, so that callers can only search what they may read. */
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
 * true if it finds every row, false if none; undefined if there is nothing to search for
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
  const defined = items.filter(item => item !== undefined);
  if (defined.length === 0) return undefined;
  if (defined.includes(decisive)) return decisive;
  const queries = defined.filter(item => typeof item === 'string');
  return queries.length === 0 ? !decisive : `(${queries.join(decisive ? ' | ' : ' & ')})`;
}

/** Punctuation is removed, so that no character has a special meaning in to_tsquery. */
function termQuery(context: CheckContext, { text, prefix, at }: SearchTerm): string | boolean | undefined {
  context.node(at);
  if (text.length > termLengthMax) {
    throw fault(
      'LIMIT_EXCEEDED',
      `A word or phrase to search for can have at most ${termLengthMax} characters.`,
      {
        at,
      },
    );
  }
  if (!isStorable(text)) return false;
  const words = text.replaceAll(/[\p{ASCII}--[a-zA-Z0-9]]+/gv, ' ').trim();
  return /[\p{L}\p{N}]/u.test(words) ? `'${words}'${prefix ? ':*' : ''}` : undefined;
}
