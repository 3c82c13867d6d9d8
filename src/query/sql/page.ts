// ORDER BY and LIMIT.

import type { BoundOrder } from '../bound/expression.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Statement } from './statement.ts';

/** @returns ORDER BY, with NULLS FIRST or LAST only where needed, so that an index can serve it */
export function orderSql(terms: readonly { term: BoundOrder; sql: string }[]): string {
  if (terms.length === 0) return '';
  return ` ORDER BY ${terms.map(({ term, sql }) => `${sql}${directionSql(term)}`).join(', ')}`;
}

function directionSql({ by, direction, nulls }: BoundOrder): string {
  const order = direction === 'desc' ? ' DESC' : '';
  const byDefault = direction === 'desc' ? 'first' : 'last';
  const nullable = 'nullable' in by && by.nullable;
  return nullable && nulls !== byDefault ? `${order} NULLS ${nulls.toUpperCase()}` : order;
}

/** The limit is part of the text, not a parameter: PostgreSQL plans a page of ten differently from one of ten thousand. */
export function limitOf(statement: Statement, query: Pick<BoundQuery, 'skip'>, limit: number): string {
  const offset = query.skip ? ` OFFSET ${statement.parameter(query.skip, 'bigint')}` : '';
  return ` LIMIT ${limit}${offset}`;
}
