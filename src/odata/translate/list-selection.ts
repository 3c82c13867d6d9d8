// Options behind a list of values in $select: `$select=tags($filter=startswith($this,'a');$top=3;$count=true)`
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

/** What the paths of the options call an element. */
const element = 'element';

export interface ListPart {
  readonly field: ValueField;
  readonly as: string;
  readonly options: NestedOptions;
  readonly at?: number;
}

/** @throws INVALID_OPERATION where the field has one value, NOT_IMPLEMENTED, and as toExpr does */
export function listSelection(
  translation: Translation,
  { prefix }: Pick<JsonForm, 'prefix'>,
  { field, as, options, at }: ListPart,
): Selection[] {
  if (!field.type.list) {
    throw fault('INVALID_OPERATION', `"${field.name}" has one value, which takes no options.`, { at });
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

/** @returns how many elements meet the filter of the options, whatever else these say */
export function countOfList(translation: Translation, { field, as, options, at }: ListPart): Selection {
  const inside = withAliases(translation, options.aliases, element);
  const where = options.filter && toExpr(inside, options.filter, element);
  const over = path([field.name], undefined, at);
  return { kind: 'value', of: { kind: 'count', over, variable: element, where, at }, as, at };
}
