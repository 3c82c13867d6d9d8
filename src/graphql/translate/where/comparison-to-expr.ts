// `{ of: { field: price }, lt: { mul: [{ field: cost }, { number: 2 }] } }` -> Expr.

import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import {
  and,
  call,
  compare,
  type Expr,
  type FunctionName,
  type LiteralValue,
  literal,
} from '../../../query/ask/expression.ts';
import { functionsOfMore, functionsOfOne, valueRelations } from '../../model/values.ts';
import { type Base, pathTo, within } from '../arguments/base.ts';
import { entriesOf, type Input, itemsOf, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import type { Translation } from '../arguments/translation.ts';
import { comparisonOperators } from './comparison-operators.ts';

/** @throws INVALID_VALUE for null and for a value that does not have exactly one entry */
export function comparisonToExpr(
  translation: Translation,
  entity: Entity,
  comparison: Input,
  base: Base,
): Expr {
  const operators = new Map(entriesOf(comparison));
  const of = valueToExpr(translation, entity, operators.get('of')!, base);
  operators.delete('of');
  return and(
    [...operators].map(([name, input]) => {
      refuseNull(name, input, 'To find nulls, filter by the field: { isNull: true }.');
      const other = valueToExpr(translation, entity, input, base);
      const operator = comparisonOperators[name];
      const at = positionOf(input);
      return operator ? compare(operator, of, other, at) : call(name as FunctionName, [of, other], at);
    }),
  );
}

function valueToExpr(translation: Translation, entity: Entity, value: Input, base: Base): Expr {
  const [name, input] = onlyEntry(value);
  const at = positionOf(input);
  if (name in functionsOfOne)
    return call(name as FunctionName, [valueToExpr(translation, entity, input, base)], at);
  if (name in functionsOfMore) {
    const args = itemsOf(input).map(item => valueToExpr(translation, entity, item, base));
    return call(name as FunctionName, args, at);
  }
  if (name === 'field') return pathTo(base, input.value as string, at);
  if (name === 'now') return call('now', [], at);
  const relation = valueRelations(entity).find(field => field.name === name);
  if (relation)
    return valueToExpr(translation, translation.target(relation.target), input, within(base, name));
  return literal(
    input.value as LiteralValue,
    name === 'number' ? numberType(String(input.value)) : undefined,
    at,
  );
}

/** As in OData, a number without a fraction is an integer, which matters for `div`. */
const numberType = (text: string) => (/^[+-]?\d+$/.test(text) ? 'Int' : 'Decimal');

function onlyEntry(value: Input): readonly [name: string, input: Input] {
  const [entry, ...others] = entriesOf(value);
  if (entry && others.length === 0 && entry[1].value !== null) return entry;
  throw fault('INVALID_VALUE', 'A value must have exactly one entry, which must not be null.', {
    hint: 'Write { field: … }, { number: … }, { text: … }, or a function such as { add: [ …, … ] }.',
    at: positionOf(value),
  });
}
