// Resolves paths to fields, through to-one relations.

import { type Fault, fault } from '../../base/errors.ts';
import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { Path } from '../ask/expression.ts';
import type { BoundOver, Source, TypedBound } from '../bound/expression.ts';
import type { CheckContext } from './context.ts';

/** What the paths of an expression may start from. */
export interface Scope {
  readonly root: Source;
  readonly variables: ReadonlyMap<string, Source>;
}

export const scopeOf = (entity: Entity): Scope => ({ root: { entity }, variables: new Map() });

/** @returns what a quantifier, count or aggregate iterates over @throws INVALID_OPERATION for a path to a single value */
export function bindOver(context: CheckContext, scope: Scope, path: Path): BoundOver {
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
    `"${path.segments.join('/')}" is a single value; a list or a to-many relation is expected here.`,
    { at: path.at },
  );
}

/** @returns the value at the end of a path @throws INVALID_OPERATION if it is a record or a list of records */
export function bindValuePath(context: CheckContext, scope: Scope, expr: Path): TypedBound {
  const { source, path, last } = walk(context, scope, expr);
  if (!last) return bindElement(source, expr);
  if (last.kind === 'relation') {
    throw last.list
      ? manyNotOne(last, expr.at)
      : fault('INVALID_OPERATION', `"${last.name}" is a record, not a value.`, { at: expr.at });
  }
  if (last.kind === 'function') {
    throw fault('INVALID_OPERATION', `"${last.name}" is computed by a function: it can only be selected.`, {
      at: expr.at,
    });
  }
  // A row filter may hide the record.
  const mayBeMissing = (relation: RelationField) =>
    relation.nullable || context.target(relation.target).rowFilter !== undefined;
  const nullable = last.nullable || path.some(mayBeMissing);
  return { kind: 'field', source, path, field: last, type: last.type, nullable };
}

function bindElement(source: Source, expr: Path): TypedBound {
  if (source.element) return { kind: 'element', source, type: source.element, nullable: true };
  throw fault('INVALID_OPERATION', 'A record is not a value: name one of its fields.', { at: expr.at });
}

export const manyNotOne = (relation: RelationField, at?: number): Fault =>
  fault('INVALID_OPERATION', `"${relation.name}" is a to-many relation, not a single record.`, {
    hint: 'Use some, every or none (OData: any, all), or the count.',
    at,
  });

/** Follows to-one relations up to the last segment, which may be any kind of field. `last` is undefined for an empty path. */
export function walk(context: CheckContext, scope: Scope, expr: Path) {
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

/** @returns the source of a variable, or the queried row if there is none */
export function startOf(scope: Scope, { variable, at }: Pick<Path, 'variable' | 'at'>): Source {
  const source = variable === undefined ? scope.root : scope.variables.get(variable);
  if (!source) throw fault('UNKNOWN_FIELD', `There is no variable "${variable}" here.`, { at });
  return source;
}
