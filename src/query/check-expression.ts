// Expr -> Bound: names resolved, types found, literals turned into parameters.

import { type Fault, fault } from '../base/errors.ts';
import type { Entity, RelationField, ValueType } from '../catalog/catalog.ts';
import { aggregateType, countType, isMissingOfNone } from './aggregate-type.ts';
import { type Bound, type BoundOver, type Source, type TypedBound, typeOf } from './bound.ts';
import { bindCall } from './check-call.ts';
import type { CheckContext } from './check-context.ts';
import { bindItems, bindLiteral, literalType } from './check-literal.ts';
import { bindRank, bindSearch } from './check-search.ts';
import type {
  Aggregate,
  Comparison,
  Count,
  Expr,
  Literal,
  Membership,
  NullTest,
  Path,
  Quantifier,
} from './expression.ts';

/** What the paths of an expression may start from. */
export interface Scope {
  readonly root: Source;
  readonly variables: ReadonlyMap<string, Source>;
}

export const scopeOf = (entity: Entity): Scope => ({ root: { entity }, variables: new Map() });

/** @returns a condition @throws INVALID_OPERATION where the expression is none */
export function bindCondition(context: CheckContext, scope: Scope, expr: Expr): Bound {
  const bound = bindExpression(context, scope, expr);
  if (typeOf(bound).scalar === 'Boolean' && !typeOf(bound).list) return bound;
  throw fault('INVALID_OPERATION', 'This is a value, where a condition is expected.', {
    at: positionOf(expr),
  });
}

/**
 * @param expected the type that stands opposite, which literals take
 * @throws UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED
 */
export function bindExpression(
  context: CheckContext,
  scope: Scope,
  expr: Expr,
  expected?: ValueType,
): TypedBound {
  context.node(positionOf(expr));
  switch (expr.kind) {
    case 'literal':
      return bindLiteral(expr, expected ?? literalType(expr));
    case 'path':
      return bindValuePath(context, scope, expr);
    case 'compare':
      return bindCompare(context, scope, expr);
    case 'in':
      return bindIn(context, scope, expr);
    case 'and':
    case 'or':
      return { kind: expr.kind, items: expr.items.map(item => bindCondition(context, scope, item)) };
    case 'not':
      return { kind: 'not', item: bindCondition(context, scope, expr.item) };
    case 'isNull':
      return bindIsNull(context, scope, expr);
    case 'call':
      return bindCall(expr, (item, type) => bindExpression(context, scope, item, type));
    case 'any':
    case 'all':
      return bindQuantifier(context, scope, expr);
    case 'count':
      return bindCount(context, scope, expr);
    case 'aggregate':
      return bindAggregate(context, scope, expr);
    case 'search':
      return bindSearch(context, scope.root, expr);
    case 'rank':
      return bindRank(context, scope.root, expr);
  }
}

export const positionOf = (expr: Expr): number | undefined => ('at' in expr ? expr.at : undefined);

function bindCompare(context: CheckContext, scope: Scope, expr: Comparison): TypedBound {
  const { operator, left, right, at } = expr;
  const nullSide = isNullLiteral(right) ? left : isNullLiteral(left) ? right : undefined;
  if (nullSide) return bindCompareNull(context, scope, expr, nullSide);
  if (left.kind === 'literal' && right.kind !== 'literal') {
    return bindCompare(context, scope, {
      kind: 'compare',
      operator: mirrored[operator],
      left: right,
      right: left,
      at,
    });
  }
  const boundLeft = bindExpression(context, scope, left);
  const boundRight = bindExpression(context, scope, right, typeOf(boundLeft));
  refuseUnequalTypes(typeOf(boundLeft), typeOf(boundRight), at);
  if (operator !== 'eq' && operator !== 'ne') refuseUnordered(typeOf(boundLeft), at);
  return { kind: 'compare', operator, left: boundLeft, right: boundRight };
}

const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

const isNullLiteral = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === null;

/** `eq null` asks whether the value is missing; no value is less or greater than a missing one. */
function bindCompareNull(context: CheckContext, scope: Scope, expr: Comparison, side: Expr): TypedBound {
  if (isNullLiteral(side)) return { kind: expr.operator === 'eq' ? 'and' : 'or', items: [] };
  const isNull = bindIsNull(context, scope, { kind: 'isNull', item: side, at: expr.at });
  if (expr.operator === 'eq') return isNull;
  return expr.operator === 'ne' ? { kind: 'not', item: isNull } : { kind: 'or', items: [] };
}

function bindIsNull(context: CheckContext, scope: Scope, expr: NullTest): TypedBound {
  if (expr.item.kind !== 'path') return { kind: 'isNull', item: bindExpression(context, scope, expr.item) };
  const { source, path, last } = walk(context, scope, expr.item);
  if (last?.kind !== 'relation') return { kind: 'isNull', item: bindValuePath(context, scope, expr.item) };
  if (last.list) throw manyNotOne(last, expr.item.at);
  return { kind: 'isNull', item: { kind: 'relation', source, path: [...path, last] } };
}

function bindIn(context: CheckContext, scope: Scope, expr: Membership): TypedBound {
  const { listItemsMax } = context.limits;
  if (expr.list.length > listItemsMax) {
    throw fault('LIMIT_EXCEEDED', `A list of ${expr.list.length} values is longer than ${listItemsMax}.`, {
      at: expr.at,
    });
  }
  const item = bindExpression(context, scope, expr.item);
  if (typeOf(item).list) throw fault('INVALID_OPERATION', 'A list cannot be one of a list.', { at: expr.at });
  const given = expr.list.filter(literal => literal.value !== null);
  return {
    kind: 'in',
    item,
    ...bindItems(given as Literal[], typeOf(item)),
    orNull: given.length < expr.list.length,
  };
}

function bindQuantifier(context: CheckContext, scope: Scope, expr: Quantifier): TypedBound {
  const over = bindOver(context, scope, expr.over);
  return { kind: expr.kind, over, where: bindInner(context, scope, expr, over) };
}

function bindCount(context: CheckContext, scope: Scope, expr: Count): TypedBound {
  const over = bindOver(context, scope, expr.over);
  return {
    kind: 'count',
    over,
    where: bindInner(context, scope, expr, over),
    type: countType,
    nullable: false,
  };
}

function bindAggregate(context: CheckContext, scope: Scope, expr: Aggregate): TypedBound {
  const { function: name, at } = expr;
  const over = bindOver(context, scope, expr.over);
  const of = expr.of && bindStorable(context, innerScope(scope, expr, over), expr.of);
  return {
    kind: 'aggregate',
    function: name,
    of,
    over,
    where: bindInner(context, scope, expr, over),
    type: aggregateType(name, of && typeOf(of), at),
    nullable: isMissingOfNone(name),
  };
}

/** @returns a value that has a form in SQL, whatever stands opposite @throws INVALID_VALUE for text that has none */
export function bindStorable(context: CheckContext, scope: Scope, expr: Expr): TypedBound {
  const bound = bindExpression(context, scope, expr);
  if (bound.kind !== 'unstorable') return bound;
  throw fault('INVALID_VALUE', 'Text with NUL or half a surrogate pair has no place here.', {
    at: positionOf(expr),
  });
}

function bindInner(
  context: CheckContext,
  scope: Scope,
  expr: Quantifier | Count | Aggregate,
  over: BoundOver,
): Bound | undefined {
  return expr.where && bindCondition(context, innerScope(scope, expr, over), expr.where);
}

const innerScope = (
  { root, variables }: Scope,
  { variable }: { variable: string },
  over: BoundOver,
): Scope => ({
  root,
  variables: new Map(variables).set(variable, over.each),
});

function bindOver(context: CheckContext, scope: Scope, path: Path): BoundOver {
  const walked = walk(context, scope, path);
  const { last } = walked;
  if (last?.kind === 'relation' && last.list) {
    return {
      source: walked.source,
      path: walked.path,
      field: last,
      each: { entity: context.target(last.target) },
    };
  }
  if (last?.kind === 'column' && last.type.list) {
    return {
      source: walked.source,
      path: walked.path,
      field: last,
      each: { element: { ...last.type, list: false } },
    };
  }
  throw fault(
    'INVALID_OPERATION',
    `"${path.segments.join('/')}" leads to one value, where many are expected.`,
    { at: path.at },
  );
}

function bindValuePath(context: CheckContext, scope: Scope, expr: Path): TypedBound {
  const { source, path, last } = walk(context, scope, expr);
  if (!last) return bindElement(source, expr);
  if (last.kind === 'relation') {
    throw last.list
      ? manyNotOne(last, expr.at)
      : fault('INVALID_OPERATION', `"${last.name}" is a record, not a value.`, { at: expr.at });
  }
  if (last.kind === 'function') {
    throw fault('INVALID_OPERATION', `"${last.name}" is computed after reading: it can be selected only.`, {
      at: expr.at,
    });
  }
  // A row that its filter hides is as good as none.
  const mayEnd = (relation: RelationField) =>
    relation.nullable || context.target(relation.target).rowFilter !== undefined;
  const nullable = last.nullable || path.some(mayEnd);
  return { kind: 'field', source, path, field: last, type: last.type, nullable };
}

function bindElement(source: Source, expr: Path): TypedBound {
  if (source.element) return { kind: 'element', source, type: source.element, nullable: true };
  throw fault('INVALID_OPERATION', 'A whole record is not a value; name one of its fields.', { at: expr.at });
}

const manyNotOne = (relation: RelationField, at?: number): Fault =>
  fault('INVALID_OPERATION', `"${relation.name}" leads to many records.`, {
    hint: 'Ask for some, every or none of them (OData: any, all), or for their count.',
    at,
  });

/** Follows to-one relations to the last segment, which may be of any kind; `last` is absent for an empty path. */
function walk(context: CheckContext, scope: Scope, expr: Path) {
  const source = startOf(scope, expr);
  const path: RelationField[] = [];
  let entity = source.entity;
  for (const [index, name] of expr.segments.entries()) {
    if (!entity)
      throw fault('INVALID_OPERATION', `"${name}": an element of a list has no fields.`, { at: expr.at });
    const field = context.field(entity, name, expr.at);
    if (index === expr.segments.length - 1) return { source, path, last: field };
    if (field.kind !== 'relation')
      throw fault('INVALID_OPERATION', `"${name}" has no fields of its own.`, { at: expr.at });
    if (field.list) throw manyNotOne(field, expr.at);
    path.push(field);
    entity = context.target(field.target);
  }
  return { source, path, last: undefined };
}

function startOf(scope: Scope, { variable, at }: Path): Source {
  const source = variable === undefined ? scope.root : scope.variables.get(variable);
  if (!source) throw fault('UNKNOWN_FIELD', `There is no variable "${variable}" here.`, { at });
  return source;
}

const numbers = new Set(['Int', 'BigInt', 'Decimal', 'Float']);
const moments = new Set(['DateTime', 'Date']);
const texts = new Set(['String', 'Enum', 'Uuid']);

export const isNumber = (type: ValueType): boolean => !type.list && numbers.has(type.scalar);

function refuseUnequalTypes(left: ValueType, right: ValueType, at?: number): void {
  const sameKind = [numbers, moments].some(kind => kind.has(left.scalar) && kind.has(right.scalar));
  if (left.list === right.list && (left.scalar === right.scalar || sameKind) && left.enum === right.enum)
    return;
  throw fault('INVALID_OPERATION', `${typeName(left)} and ${typeName(right)} cannot be compared.`, { at });
}

/** @throws INVALID_OPERATION */
export function refuseUnordered(type: ValueType, at?: number): void {
  if (type.list || type.scalar === 'Json')
    throw fault('INVALID_OPERATION', `${typeName(type)} has no order.`, { at });
}

export const typeName = (type: ValueType): string => {
  const name = type.enum?.name ?? (texts.has(type.scalar) && type.scalar !== 'Uuid' ? 'Text' : type.scalar);
  return type.list ? `A list of ${name}` : name;
};
