// `{ some: … }` on a to-many relation, `{ is: … }` on a to-one relation -> Expr.

import type { Entity, RelationField } from '../../../catalog/catalog.ts';
import { and, type Expr, not } from '../../../query/ask/expression.ts';
import { type Base, pathTo, within } from '../arguments/base.ts';
import { entriesOf, type Input, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import type { Translation } from '../arguments/translation.ts';

type Entry = readonly [name: string, input: Input];
/** Translates conditions on the related rows, which may refer to further relations. */
type ConditionsToExpr = (
  translation: Translation,
  entity: Entity,
  conditions: readonly Entry[],
  base: Base,
) => Expr;

/** @param toExpr a parameter, because conditions and filters on relations are mutually recursive */
export const relationFilterToExpr = (
  translation: Translation,
  relation: RelationField,
  filter: Input,
  base: Base,
  toExpr: ConditionsToExpr,
): Expr => (relation.list ? toManyToExpr : toOneToExpr)(translation, relation, filter, base, toExpr);

function toManyToExpr(
  translation: Translation,
  relation: RelationField,
  filter: Input,
  base: Base,
  toExpr: ConditionsToExpr,
): Expr {
  const target = translation.target(relation.target);
  const clauses = entriesOf(filter).map(([quantifier, input]) => {
    refuseNull(quantifier, input, 'Omit it, or write {} for any record.');
    const at = positionOf(input);
    const variable = translation.freshVariable();
    const where = toExpr(translation, target, entriesOf(input), { variable, segments: [] });
    const over = pathTo(base, relation.name, at);
    if (quantifier === 'every') return { kind: 'all', over, variable, where, at } as const;
    const some = { kind: 'any', over, variable, where: isTrue(where) ? undefined : where, at } as const;
    return quantifier === 'none' ? not(some) : some;
  });
  return and(clauses);
}

/** Whether a condition is empty, which every row matches. */
const isTrue = (expr: Expr): boolean => expr.kind === 'and' && expr.items.length === 0;

function toOneToExpr(
  translation: Translation,
  relation: RelationField,
  filter: Input,
  base: Base,
  toExpr: ConditionsToExpr,
): Expr {
  const entries = new Map(entriesOf(filter));
  const is = entries.get('is');
  const isNot = entries.get('isNot');
  entries.delete('is');
  entries.delete('isNot');
  const target = translation.target(relation.target);
  const inside = within(base, relation.name);
  const direct = entries.size > 0 ? toExpr(translation, target, [...entries], inside) : undefined;
  const related = (input: Input) =>
    input.value === null
      ? absence(relation, base, input)
      : presentAnd(relation, base, input, toExpr(translation, target, entriesOf(input), inside));
  return and([
    ...(is ? [related(is)] : []),
    ...(isNot ? [not(related(isNot))] : []),
    ...(direct ? [presentAnd(relation, base, filter, direct)] : []),
  ]);
}

const absence = (relation: RelationField, base: Base, input: Input): Expr => ({
  kind: 'isNull',
  item: pathTo(base, relation.name, positionOf(input)),
  at: positionOf(input),
});

/** Conditions on an optional related row must not hold if there is none; `isNull` and `not` would. */
const presentAnd = (relation: RelationField, base: Base, input: Input, where: Expr): Expr =>
  relation.nullable ? and([not(absence(relation, base, input)), where]) : where;
