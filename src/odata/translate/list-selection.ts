// Options of a list of values in $select: `$select=tags($filter=startswith($this,'a');$top=3;$count=true)`
// (OData 4.01 Part 2, 5.1.4). The resource `products(1)/tags` takes the same.

import { fault } from '../../base/errors.ts';
import type { ValueField } from '../../catalog/catalog.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import { path } from '../../query/ask/expression.ts';
import type { NestedOptions } from '../parse/selection-items.ts';
import type { JsonForm } from '../url/media-type.ts';
import { notServed } from '../url/syntax.ts';
import { toExpr } from './to-expr.ts';
import { type Translation, withAliases } from './translation.ts';

/** The variable of an element in the options. */
const element = 'element';

export interface ListPart {
  readonly field: ValueField;
  readonly as: string;
  readonly options: NestedOptions;
  readonly at?: number;
}

/** @throws INVALID_OPERATION when the field is not a list, NOT_IMPLEMENTED, and like toExpr */
export function listSelection(
  translation: Translation,
  { prefix }: Pick<JsonForm, 'prefix'>,
  { field, as, options, at }: ListPart,
): Selection[] {
  if (!field.type.list) {
    throw fault('INVALID_OPERATION', `"${field.name}" is a single value and takes no options.`, { at });
  }
  if (options.search) throw notServed('$search in lists of values', at);
  if (options.select ?? options.compute ?? options.expand) {
    throw fault('INVALID_OPERATION', `The elements of "${field.name}" have no fields.`, { at });
  }
  const inside = withAliases(translation, options.aliases, element);
  const where = options.filter && toExpr(inside, options.filter, element);
  const order = options.orderby?.map(({ by, direction }) => ({
    by: toExpr(inside, by, element),
    direction,
  }));
  const over = path([field.name], undefined, at);
  const { skip, top: take } = options;
  const elements = { kind: 'elements', over, variable: element, where, order, skip, take, at } as const;
  const value: Selection = { kind: 'value', of: elements, as, at };
  return options.count
    ? [countOfList(translation, { field, as: `${as}${prefix}count`, options, at }), value]
    : [value];
}

/** @returns the number of elements that match the filter; other options are ignored */
export function countOfList(translation: Translation, { field, as, options, at }: ListPart): Selection {
  const inside = withAliases(translation, options.aliases, element);
  const where = options.filter && toExpr(inside, options.filter, element);
  const over = path([field.name], undefined, at);
  return { kind: 'value', of: { kind: 'count', over, variable: element, where, at }, as, at };
}
