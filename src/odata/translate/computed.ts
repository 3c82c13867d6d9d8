// The values of $compute, as part of the entity that they are computed for.

import { fault } from '../../base/errors.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import type { Expr } from '../../query/ask/expression.ts';
import { payloadNames } from '../model/edm-types.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { ComputeItem } from '../parse/compute.ts';
import type { JsonForm } from '../url/media-type.ts';
import { toExpr } from './to-expr.ts';
import type { Translation } from './translation.ts';

/** @returns a translation that knows the computed values by name @throws INVALID_OPERATION for names of fields */
export function withComputed(
  translation: Translation,
  { entity }: VisibleEntity,
  compute: readonly ComputeItem[] = [],
): Translation {
  for (const { name, at } of compute) {
    if (!entity.fields.has(name)) continue;
    throw fault('INVALID_OPERATION', `${entity.set} already has a field "${name}".`, { target: name, at });
  }
  return { ...translation, computed: new Map(compute.map(item => [item.name, item.of])) };
}

/** @returns the computed expressions, which are checked even when they are not used */
export const mentionedBy = (translation: Translation, compute: readonly ComputeItem[] = []): Expr[] =>
  compute.map(({ of }) => toExpr(translation, of));

/**
 * The type of a computed value is not in $metadata, so an annotation states it (OData JSON Format 4.0, 4.5.3).
 * @param translation knows the computed values
 */
export function computedSelection(
  translation: Translation,
  { prefix, metadata }: Pick<JsonForm, 'prefix' | 'metadata'>,
  { of: expression, name, at }: ComputeItem,
): Selection[] {
  const of = toExpr(translation, expression);
  const value: Selection = { kind: 'value', of, as: name, at };
  if (metadata === 'none') return [value];
  const names = payloadNames(translation.catalog, prefix === '@' ? '' : '#');
  return [{ kind: 'type', of, as: `${name}${prefix}type`, names, at }, value];
}
