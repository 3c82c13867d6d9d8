// References to entities: their URLs, built from their keys (OData JSON Format 4.0, 13).

import type { ColumnField, Scalar } from '../../catalog/catalog.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import { call, type Expr, literal, path } from '../../query/ask/expression.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { JsonForm } from '../url/media-type.ts';
import { notServed } from '../url/syntax.ts';

/** Types whose values need no quotes or encoding in a URL. */
const plain: ReadonlySet<Scalar> = new Set<Scalar>(['Int', 'BigInt', 'Decimal', 'Uuid', 'Date', 'Boolean']);

/** @returns the URL of each entity, relative to the service root @throws NOT_IMPLEMENTED for text keys */
export function referenceTo(
  { entity }: VisibleEntity,
  { prefix }: Pick<JsonForm, 'prefix'>,
  at: number,
): Selection {
  const parts: Expr[] = [literal(`${entity.set}(`)];
  for (const [index, name] of entity.key.entries()) {
    const { type } = entity.fields.get(name) as ColumnField;
    if (!plain.has(type.scalar)) throw notServed(`references to ${entity.set}`, at, 'Select their keys.');
    const label = entity.key.length > 1 ? `${name}=` : '';
    if (label || index > 0) parts.push(literal(`${index > 0 ? ',' : ''}${label}`));
    parts.push({ kind: 'cast', item: path([name]), to: 'String' });
  }
  const of = [...parts, literal(')')].reduce((left, right) => call('concat', [left, right], at));
  return { kind: 'value', of, as: `${prefix}id`, at };
}
