// Literals in the URL -> literals of the query engine.

import { fault } from '../../base/errors.ts';
import type { Catalog, EnumType, Scalar } from '../../catalog/catalog.ts';
import { type Expr, type Literal, type LiteralValue, literal } from '../../query/ask/expression.ts';
import { unqualified } from '../model/edm-types.ts';
import type { LiteralNode, LiteralType, ODataExpression } from '../parse/odata-expression.ts';
import { notServed } from '../url/syntax.ts';

/** Strings have no type here: `'2026-01-31'` may be a date (OData 4.01 Part 2, 5.1.1.14). */
const scalars: Partial<Record<LiteralType, Scalar>> = {
  boolean: 'Boolean',
  decimal: 'Decimal',
  double: 'Float',
  guid: 'Uuid',
  date: 'Date',
  dateTimeOffset: 'DateTime',
  timeOfDay: 'Time',
  duration: 'Duration',
  binary: 'Bytes',
};

/** @throws INVALID_VALUE for enum literals of unknown types or values, NOT_IMPLEMENTED for geography and geometry */
export function toLiteral(node: LiteralNode, catalog: Catalog): Literal {
  const { type, text, at } = node;
  switch (type) {
    case 'null':
      return literal(null, undefined, at);
    case 'boolean':
      return literal(text === 'true', 'Boolean', at);
    case 'integer':
      return literal(...toInteger(text), at);
    case 'enum':
      return literal(toEnumValue(node, catalog), undefined, at);
    case 'geography':
    case 'geometry':
      throw notServed(`values of type ${type}`, at);
    default:
      return literal(text, scalars[type], at);
  }
}

function toInteger(text: string): [LiteralValue, Scalar] {
  const number = Number(text);
  if (BigInt.asIntN(32, BigInt(text)) === BigInt(text)) return [number, 'Int'];
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? [value, 'BigInt'] : [text, 'Decimal'];
}

/** @returns the name of an enum value that is written by name or by number */
function toEnumValue({ enumType = '', text, at }: LiteralNode, catalog: Catalog): string {
  const type = catalog.enums.get(unqualified(enumType));
  if (!type) {
    const known = [...catalog.enums.keys()].join(', ');
    throw fault('INVALID_VALUE', `There is no type "${enumType}".`, { hint: `The enums are ${known}.`, at });
  }
  if (text.includes(',')) throw notServed('several enum values at once', at);
  return enumValueByNumber(type, text) ?? text;
}

/** Enum values are numbered from 0 in the order of declaration. */
export const enumValueByNumber = (type: EnumType, text: string): string | undefined =>
  /^\d{1,9}$/.test(text) ? type.values[Number(text)]?.name : undefined;

/** @returns a literal with a slot named after its position; anything else unchanged */
export const withSlot = (expr: Expr): Expr =>
  expr.kind === 'literal' && expr.at !== undefined ? { ...expr, slot: String(expr.at) } : expr;

/** @returns the operands, with a slot for a literal that is compared directly with a field */
export function slotted(
  left: ODataExpression,
  right: ODataExpression,
  operands: readonly [Expr, Expr],
): readonly [Expr, Expr] {
  const [first, second] = operands;
  if (left.kind === 'member' && right.kind === 'literal') return [first, withSlot(second)];
  return left.kind === 'literal' && right.kind === 'member' ? [withSlot(first), second] : operands;
}
