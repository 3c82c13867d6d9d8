// ORDER BY and LIMIT.

import type { BoundOrder } from '../bound/expression.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Statement } from './statement.ts';

/** @returns ORDER BY; where nothing is missing, or missing values fall where PostgreSQL puts them, an index can serve it */
export function orderSql(terms: readonly { term: BoundOrder; sql: string }[]): string {
  if (terms.length === 0) return '';
  return ` ORDER BY ${terms.map(({ term, sql }) => `${sql}${directionSql(term)}`).join(', ')}`;
}

function directionSql({ by, direction, nulls }: BoundOrder): string {
  const word = direction === 'desc' ? ' DESC' : '';
  const byDefault = direction === 'desc' ? 'first' : 'last';
  const mayMiss = 'nullable' in by && by.nullable;
  return mayMiss && nulls !== byDefault ? `${word} NULLS ${nulls.toUpperCase()}` : word;
}

/** The number is part of the text: PostgreSQL plans a page of ten otherwise than one of ten thousand. */
export function limitOf(statement: Statement, query: Pick<BoundQuery, 'skip'>, limit: number): string {
  const offset = query.skip ? ` OFFSET ${statement.parameter(query.skip, 'bigint')}` : '';
  return ` LIMIT ${limit}${offset}`;
}
