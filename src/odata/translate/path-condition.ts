// A path of several steps as a condition on the last: `categories(1)/products` are the products whose category has the id 1.

import { fault } from '../../base/errors.ts';
import { and, compare, type Expr, path } from '../../query/ask/expression.ts';
import type { KeyField } from '../model/key-fields.ts';
import type { Step } from '../model/resource.ts';
import { notServed } from '../url/syntax.ts';
import { toExpr } from './to-expr.ts';
import { withSlot } from './to-literal.ts';
import type { Translation } from './translation.ts';

/** @returns the conditions, all of which must hold; none for a whole set @throws NOT_IMPLEMENTED for a relation without an inverse */
export const pathCondition = (translation: Translation, steps: readonly Step[]): Expr[] =>
  conditionsOn(translation, steps, { segments: [] });

/** The path to the entity of the current step within the condition. */
interface Position {
  readonly segments: readonly string[];
  readonly variable?: string;
}

function conditionsOn(translation: Translation, steps: readonly Step[], here: Position): Expr[] {
  const { key = [], relation, entity } = steps.at(-1)!;
  const conditions = key.map(field => keyCondition(translation, field, here));
  if (!relation) return conditions;
  const back = entity.relations.get(relation.inverse ?? '');
  if (!back) throw notServed(`the path through "${relation.name}", which has no inverse relation`);
  const segments = [...here.segments, back.name];
  const before = steps.slice(0, -1);
  if (!back.list) return [...conditions, ...conditionsOn(translation, before, { ...here, segments })];
  const variable = `step${before.length}`;
  const where = and(conditionsOn(translation, before, { segments: [], variable }));
  return [...conditions, { kind: 'any', over: path(segments, here.variable), variable, where }];
}

function keyCondition(translation: Translation, { field, value, at }: KeyField, here: Position): Expr {
  const keyValue = toExpr(translation, value);
  if (keyValue.kind !== 'literal') {
    throw fault('INVALID_OPERATION', 'A key must be a literal value.', { at: value.at });
  }
  return compare('eq', path([...here.segments, field], here.variable, at), withSlot(keyValue), at);
}
