// Checks casts: which types can be converted to which.

import { fault } from '../../base/errors.ts';
import type { Scalar } from '../../catalog/catalog.ts';
import type { Cast, Expr } from '../ask/expression.ts';
import { type BoundCast, isNullable, type TypedBound, typeOf } from '../bound/expression.ts';
import { bindLiteral, literalType } from './literal.ts';
import { typeName } from './type.ts';

const numbers: readonly Scalar[] = ['Int', 'BigInt', 'Decimal', 'Float'];

/** The types that can be cast to each type, besides itself. Text is cast to a date, time or duration only as a literal. */
const sources: Partial<Record<Scalar, readonly Scalar[]>> = {
  // biome-ignore format: a table
  String: ['Boolean', 'Int', 'BigInt', 'Decimal', 'Float', 'DateTime', 'Date', 'Time', 'Duration', 'Uuid', 'Bytes', 'Enum'],
  Int: [...numbers, 'String'],
  BigInt: [...numbers, 'String'],
  Decimal: [...numbers, 'String'],
  Float: [...numbers, 'String'],
  Boolean: ['String'],
  Uuid: ['String'],
  DateTime: ['Date'],
  Date: ['DateTime'],
  Time: ['DateTime'],
};

/** @param bind binds an expression @throws INVALID_OPERATION */
export function bindCast(cast: Cast, bind: (expr: Expr) => TypedBound): TypedBound {
  const { item, to, at } = cast;
  const type = literalType({ kind: 'literal', value: '', type: to });
  if (item.kind === 'literal') {
    if (item.value === null) return { kind: 'value', value: null, cast: type.sqlType, type, nullable: true };
    // A text literal is parsed here; if it is invalid, the result is missing.
    if (typeof item.value === 'string' && item.type === undefined && to !== 'String') {
      return literalOrMissing(() => bindLiteral(item, type), {
        kind: 'value',
        value: null,
        cast: type.sqlType,
        type,
        nullable: true,
      });
    }
  }
  const bound = bind(item);
  const from = typeOf(bound);
  if (from.list || (from.scalar !== to && !sources[to]?.includes(from.scalar))) {
    throw fault('INVALID_OPERATION', `${typeName(from)} cannot be cast to ${to}.`, { at });
  }
  if (bound.kind === 'unstorable') return bound;
  if (from.scalar === to) return bound;
  return {
    kind: 'cast',
    item: bound,
    type,
    nullable: isNullable(bound) || mayFail(from.scalar, to),
  } satisfies BoundCast;
}

function literalOrMissing<T>(literal: () => T, missing: T): T {
  try {
    return literal();
  } catch {
    return missing;
  }
}

const widths: readonly Scalar[] = ['Int', 'BigInt', 'Decimal'];

/** Whether some values cannot be converted. */
const mayFail = (from: Scalar, to: Scalar): boolean =>
  from === 'String' ||
  (from === 'Float' && to !== 'Float') ||
  (widths.includes(to) && widths.indexOf(from) > widths.indexOf(to));
