// Full-text search -> SQL. The tsvector expression of a row must match that of the index exactly: see install-search.ts.

import type { ColumnField } from '../../catalog/catalog.ts';
import type { BoundRank, BoundSearch } from '../bound/expression.ts';
import type { Statement } from './statement.ts';
import { constant, identifier } from './text.ts';

/** @returns a condition */
export const searchSql = (statement: Statement, bound: BoundSearch): string =>
  `${vectorOf(statement, bound)} @@ ${querySql(statement, bound)}`;

/** @returns how well a row matches, of type real. Words in the first declared field count most. */
export const rankSql = (statement: Statement, bound: BoundRank): string =>
  `ts_rank(${vectorOf(statement, bound)}, ${querySql(statement, bound)})`;

const vectorOf = (statement: Statement, { source, fields }: BoundSearch | BoundRank): string =>
  searchVector(fields, `${statement.frame(source).alias}.`);

/** As a subquery, it is parsed once; in a generic plan it would otherwise be parsed for each row. */
const querySql = (statement: Statement, { query }: BoundSearch | BoundRank): string =>
  `(SELECT to_tsquery('simple', ${statement.parameter(query, 'text')}))`;

/** Weights, highest first: https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-RANKING */
const weights = ['A', 'B', 'C', 'D'];

/**
 * PostgreSQL's parser recognizes signed numbers, paths, hosts and tags, and would not find the 1001 in PRD-1001. Without
 * punctuation, words are runs of letters and digits. A regular expression removes it ten times as fast as `translate`, which
 * took most of the time when ranking or writing many rows.
 */
const punctuation = '[!-/:-@[-`{-~]+';

/** @param prefix qualifies each column: `t0.` @returns an expression of type tsvector, immutable so that it can be indexed */
export function searchVector(fields: readonly ColumnField[], prefix = ''): string {
  const vectors = fields.map(({ column }, index) => {
    const text = `coalesce(${prefix}${identifier(column)}, '')::text COLLATE "C"`;
    const words = `regexp_replace(${text}, ${constant(punctuation)}, ' ', 'g')`;
    return `setweight(to_tsvector('simple'::regconfig, ${words}), '${weights[index] ?? 'D'}')`;
  });
  return `(${vectors.join(' || ')})`;
}
