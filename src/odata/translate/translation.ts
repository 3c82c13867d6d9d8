// What the translation of expressions depends on, and what their names mean where.

import type { Catalog } from '../../catalog/catalog.ts';
import type { Expr } from '../../query/ask/expression.ts';
import type { AggregateNode, ODataExpression } from '../parse/odata-expression.ts';
import type { Budget } from '../url/syntax.ts';

export interface Translation {
  readonly catalog: Catalog;
  readonly budget: Budget;
  /** Inside $expand, where `$it` is the entity that is expanded and not the one at hand. */
  readonly nested?: true;
  /** How many $expand this one stands in. */
  readonly level?: number;
  /** Aliases that options in parentheses name, each with the variable of the row that it starts from. */
  readonly aliases?: ReadonlyMap<string, { readonly value: ODataExpression; readonly row?: string }>;
  /** What $compute names, of the entity at hand. */
  readonly computed?: ReadonlyMap<string, ODataExpression>;
  /** Rows are groups: `category/name` is the name of a key, and leads nowhere. */
  readonly grouped?: true;
  /** Values that fields are compared with are told by their places, so that others can take these: see request-templates.ts. */
  readonly slotted?: true;
  /** Inside $apply. @returns where the aggregate of all rows at hand is to be found */
  readonly these?: (node: AggregateNode, of: Expr | undefined) => Expr;
  /** @returns what an alias stands for, or undefined when the URL does not say */
  readonly alias: (name: string) => ODataExpression | undefined;
}

/** What the paths inside $expand call the entity that it expands. */
export const itVariable = 'it';

/** @param row the variable of the row or element that the options are about, where it is not the one at hand */
export function withAliases(
  translation: Translation,
  named: ReadonlyMap<string, ODataExpression> | undefined,
  row?: string,
): Translation {
  if (!named) return translation;
  const aliases = new Map(translation.aliases);
  for (const [name, value] of named) aliases.set(name, { value, row });
  return { ...translation, aliases };
}

/** What the names of an expression may mean at one place. */
export interface Scope {
  /** Lambda variables by the name in the URL, with their unique name in the Expr. */
  readonly variables: ReadonlyMap<string, string>;
  /** The variable of the row that plain paths start from, inside `$count($filter=...)`. */
  readonly row?: string;
}

export const outermost: Scope = { variables: new Map() };
