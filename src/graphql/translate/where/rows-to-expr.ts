// `where` and `search` together: which rows to count or aggregate.

import type { Entity } from '../../../catalog/catalog.ts';
import type { Expr } from '../../../query/ask/expression.ts';
import type { SearchExpr } from '../../../query/ask/search-expression.ts';
import { whereFound } from '../../../query/ask/where-found.ts';
import { queriedRow } from '../arguments/base.ts';
import { type Input, positionOf } from '../arguments/input.ts';
import type { Translation } from '../arguments/translation.ts';
import { parseSearch } from './parse-search.ts';
import { whereToExpr } from './where-to-expr.ts';

type Arguments = ReadonlyMap<string, Input>;

/** @returns undefined for all rows */
export function rowsToExpr(translation: Translation, entity: Entity, args: Arguments): Expr | undefined {
  const where = args.get('where');
  return whereFound(where && whereToExpr(translation, entity, where, queriedRow), searchOf(args));
}

export function searchOf(args: Arguments): SearchExpr | undefined {
  const search = args.get('search');
  return search && parseSearch(search.value as string, positionOf(search));
}
