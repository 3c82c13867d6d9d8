// Full-text search -> SQL. The words of a row are an expression that the index is on, letter by letter: see install-search.ts.

import type { ColumnField } from '../../catalog/catalog.ts';
import type { BoundRank, BoundSearch } from '../bound/expression.ts';
import type { Statement } from './statement.ts';
import { constant, identifier } from './text.ts';

/** @returns a condition */
export const searchSql = (statement: Statement, bound: BoundSearch): string =>
  `${vectorOf(statement, bound)} @@ ${querySql(statement, bound)}`;

/** @returns how well a row matches, of type real: a word in the field that was declared first counts most */
export const rankSql = (statement: Statement, bound: BoundRank): string =>
  `ts_rank(${vectorOf(statement, bound)}, ${querySql(statement, bound)})`;

const vectorOf = (statement: Statement, { source, fields }: BoundSearch | BoundRank): string =>
  searchVector(fields, `${statement.frame(source).alias}.`);

/** Read once, as a subquery: in a plan that serves any value, it would otherwise be read anew for each row. */
const querySql = (statement: Statement, { query }: BoundSearch | BoundRank): string =>
  `(SELECT to_tsquery('simple', ${statement.parameter(query, 'text')}))`;

/** Weights from the best: https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-RANKING */
const weights = ['A', 'B', 'C', 'D'];

/**
 * PostgreSQL's parser knows numbers with a sign, paths, hosts and tags, and would not find the 1001 in PRD-1001. Without
 * punctuation, words are runs of letters and digits. A regular expression takes it out ten times as fast as `translate`,
 * which is what ranking many rows, and writing them, spent most time on.
 */
const punctuation = '[!-/:-@[-`{-~]+';

/** @param prefix stands before each column: `t0.` @returns an expression of type tsvector, which is immutable, so that it can be indexed */
export function searchVector(fields: readonly ColumnField[], prefix = ''): string {
  const vectors = fields.map(({ column }, index) => {
    const text = `coalesce(${prefix}${identifier(column)}, '')::text COLLATE "C"`;
    const words = `regexp_replace(${text}, ${constant(punctuation)}, ' ', 'g')`;
    return `setweight(to_tsvector('simple'::regconfig, ${words}), '${weights[index] ?? 'D'}')`;
  });
  return `(${vectors.join(' || ')})`;
}
