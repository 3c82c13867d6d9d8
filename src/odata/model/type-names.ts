// Type names in expressions, quoted or not: `cast(price,Edm.String)`, `isof(status,'Portolan.OrderStatus')`.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Catalog, Scalar } from '../../catalog/catalog.ts';
import type { ODataExpression } from '../parse/odata-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { unqualified } from './edm-types.ts';

const scalars: Readonly<Record<string, Scalar>> = {
  String: 'String',
  Boolean: 'Boolean',
  Byte: 'Int',
  SByte: 'Int',
  Int16: 'Int',
  Int32: 'Int',
  Int64: 'BigInt',
  Single: 'Float',
  Double: 'Float',
  Decimal: 'Decimal',
  DateTimeOffset: 'DateTime',
  Date: 'Date',
  TimeOfDay: 'Time',
  Duration: 'Duration',
  Guid: 'Uuid',
  Binary: 'Bytes',
};

/** @returns the type name that a node contains @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
export function typeNameOf(node: ODataExpression): string {
  if (node.kind === 'literal' && node.type === 'string') return node.text;
  if (node.kind === 'call')
    throw notServed('types of collections, or with facets, in an expression', node.at);
  if (node.kind === 'member' && !node.root && !node.foreign && node.names.length === 1) return node.names[0]!;
  throw syntaxError('Expected the name of a type.', node.at, 'Write cast(price,Edm.String).');
}

/** @returns the query engine's name of a primitive type @throws NOT_IMPLEMENTED, INVALID_VALUE */
export function toScalar(name: string, catalog: Catalog, at: number): Exclude<Scalar, 'Enum' | 'Json'> {
  const type = toType(name, catalog, at);
  const scalar = Object.values(scalars).find(known => known === type);
  if (scalar) return scalar as Exclude<Scalar, 'Enum' | 'Json'>;
  throw notServed(`casts to ${name}`, at);
}

/** OData types that no value has here. */
const unserved = /^(?:Geo(?:graphy|metry)\w*|Stream|Untyped|\w+Type|\w*Path)$/;

/** @returns the query engine's name of a scalar, an enum or a model @throws NOT_IMPLEMENTED, INVALID_VALUE for unknown names */
export function toType(name: string, catalog: Catalog, at: number): string {
  const primitive = /^Edm\.(.*)$/s.exec(name)?.[1];
  if (primitive !== undefined && Object.hasOwn(scalars, primitive)) return scalars[primitive]!;
  if (primitive !== undefined && unserved.test(primitive)) throw notServed(`the type ${name}`, at);
  const own = unqualified(name);
  if (catalog.enums.has(own) || catalog.entities.has(own)) return own;
  const hint = didYouMean(
    name,
    Object.keys(scalars).map(known => `Edm.${known}`),
  );
  throw fault('INVALID_VALUE', `There is no type "${name}".`, { hint, target: name, at });
}
