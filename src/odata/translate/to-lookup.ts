// `$root/products(1)/price` -> Expr: a value of one record of any set (OData 4.01 Part 2, 5.1.1.14.2).

import { fault } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type Expr, path } from '../../query/ask/expression.ts';
import { keyFields } from '../model/key-fields.ts';
import type { MemberNode, ODataExpression } from '../parse/odata-expression.ts';
import { notServed } from '../url/syntax.ts';

/**
 * @param variable the variable of the record
 * @param translate translates the values of the key
 * @throws NOT_IMPLEMENTED, UNKNOWN_ENTITY, INVALID_OPERATION
 */
export function toLookup(
  catalog: Catalog,
  { names, key, filter, foreign, at }: MemberNode,
  variable: string,
  translate: (node: ODataExpression) => Expr,
): Expr {
  if (foreign) throw notServed(foreign, at);
  const [set = '', ...rest] = names;
  const entity = catalog.sets.get(set);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity set "${set}".`, { target: set, at });
  if (!key || filter || rest.length === 0) throw notServed('whole entities and collections after $root', at);
  // Keys with a restricted field are never listed: the error would disclose them to callers without permission.
  const fields = keyFields(entity, key, field => entity.fields.get(field)?.restricted === undefined);
  return {
    kind: 'lookup',
    entity: entity.name,
    variable,
    key: fields.map(({ field, value }) => ({ field, value: translate(value) })),
    of: path(rest, variable, at),
    at,
  };
}
