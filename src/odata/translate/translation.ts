// The context for translating expressions, and the scopes of their names.

import type { Catalog } from '../../catalog/catalog.ts';
import type { Expr } from '../../query/ask/expression.ts';
import type { AggregateNode, ODataExpression } from '../parse/odata-expression.ts';
import type { Budget } from '../url/syntax.ts';

export interface Translation {
  readonly catalog: Catalog;
  readonly budget: Budget;
  /** Inside $expand, where `$it` is the expanded entity and not the current one. */
  readonly nested?: true;
  /** The nesting depth of $expand. */
  readonly level?: number;
  /** Aliases defined in nested options, each with the variable of the row that it starts from. */
  readonly aliases?: ReadonlyMap<string, { readonly value: ODataExpression; readonly row?: string }>;
  /** The values of $compute for the current entity. */
  readonly computed?: ReadonlyMap<string, ODataExpression>;
  /** Rows are groups: `category/name` is the name of a key, not a path. */
  readonly grouped?: true;
  /** Literals that fields are compared with get slots, so that they can be replaced: see request-templates.ts. */
  readonly slotted?: true;
  /** Inside $apply. @returns the column that contains the aggregate of all current rows */
  readonly these?: (node: AggregateNode, of: Expr | undefined) => Expr;
  /** @returns the value of an alias, or undefined when the URL does not define it */
  readonly alias: (name: string) => ODataExpression | undefined;
}

/** The variable of the expanded entity inside $expand. */
export const itVariable = 'it';

/** @param row the variable of the row or element that the options apply to, if it is not the current one */
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

/** What names mean at one place of an expression. */
export interface Scope {
  /** Lambda variables by the name in the URL, with their unique name in the Expr. */
  readonly variables: ReadonlyMap<string, string>;
  /** The variable of the row that plain paths start from, inside `$count($filter=...)`. */
  readonly row?: string;
}

export const outermost: Scope = { variables: new Map() };
