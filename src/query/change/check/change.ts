// EntityChange -> BoundChange: checked against the catalog and the limits. Validation errors are collected rather than
// thrown, and so are the references that need permission.

import { fault } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/near-name.ts';
import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeData, ChangeTarget, ChangeValue, EntityChange } from '../../ask/entity-change.ts';
import type { BoundChange, BoundRow, BoundTarget } from '../../bound/change.ts';
import { bindCondition } from '../../check/expression.ts';
import { scopeOf } from '../../check/path.ts';
import { checkKey } from './key.ts';
import { checkLinks, type Nesting, type RowNesting } from './link.ts';
import { isMade, type MadeColumn, makeValue } from './make-value.ts';
import type { ChangeCheck } from './state.ts';
import { changeValue, type ValueFault } from './value.ts';
import { isRequired, isWritable, upsertKey, writableColumns } from './writable.ts';

/** @throws UNKNOWN_ENTITY, INVALID_OPERATION, LIMIT_EXCEEDED; errors in values are added to the check's faults */
export function checkChange(check: ChangeCheck, change: EntityChange): BoundChange {
  const entity = check.context.catalog.entities.get(change.entity);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity "${change.entity}".`, { at: change.at });
  check.writes.push({ entity });
  switch (change.kind) {
    case 'insert':
      check.rows(change.rows.length, change.at);
      return {
        kind: 'insert',
        entity,
        match: [],
        rows: change.rows.map(data => checkNewRow(check, entity, data, { supplied: [], depth: 1 })),
      };
    case 'upsert':
      return checkUpsert(check, entity, change.rows, change.at);
    case 'update': {
      const target = checkTarget(check, entity, change.target);
      const row = checkRow(check, entity, change.data, { kind: 'update', supplied: [], depth: 1 });
      const left = change.replace ? resetFields(check, entity, change.data, row) : [];
      // A default that the server generates is generated again.
      const made = left.filter(field => isMade(field));
      const reset = left.filter(field => !isMade(field)).map(field => field.name);
      return { kind: 'update', entity, target, row: withMade(row, made), reset, ifVersion: change.ifVersion };
    }
    case 'delete':
      return {
        kind: 'delete',
        entity,
        target: checkTarget(check, entity, change.target),
        ifVersion: change.ifVersion,
      };
  }
}

function checkUpsert(
  check: ChangeCheck,
  entity: Entity,
  inputs: readonly ChangeData[],
  at?: number,
): BoundChange {
  check.rows(inputs.length, at);
  const match = upsertKey(entity);
  if (!match)
    throw fault(
      'INVALID_OPERATION',
      `${entity.set} cannot be upserted: callers cannot set its key, and it has no natural key.`,
      {
        at,
      },
    );
  const rows = inputs.map(data => checkNewRow(check, entity, data, { supplied: [], depth: 1 }));
  const seen = new Set<string>();
  for (const { fields, values, path } of rows) {
    const key = JSON.stringify(match.map(name => values[fields.indexOf(name)]));
    if (seen.has(key)) {
      const message = `Another row of the same request has this ${match.join(', ')}.`;
      check.refuse(`${path}.${match[0]}`, { code: 'DUPLICATE_KEY', message });
    }
    seen.add(key);
  }
  return { kind: 'upsert', entity, match, rows };
}

function checkNewRow(
  check: ChangeCheck,
  entity: Entity,
  data: ChangeData,
  { supplied, depth }: Nesting,
): BoundRow {
  const row = checkRow(check, entity, data, { kind: 'insert', supplied, depth });
  const known = new Set([
    ...data.values.map(one => one.field),
    ...supplied,
    ...row.links.flatMap(nearFields(entity)),
  ]);
  for (const field of entity.fields.values()) {
    if (field.kind !== 'column' || !isRequired(field) || known.has(field.name)) continue;
    check.refuse(
      `${data.path}.${field.name}`,
      { code: 'REQUIRED', message: 'A value is required.' },
      data.at,
    );
  }
  return withMade(
    row,
    [...entity.fields.values()].filter(field => isMade(field)).filter(field => !known.has(field.name)),
  );
}

/** @returns the row with generated values for these columns */
function withMade(row: BoundRow, columns: readonly MadeColumn[]): BoundRow {
  if (columns.length === 0) return row;
  const made = columns.map(({ name }) => name);
  const values = columns.map(column => makeValue(column.made));
  return { ...row, fields: [...row.fields, ...made], values: [...row.values, ...values], made };
}

const nearFields = (entity: Entity) => (link: BoundRow['links'][number]) => {
  const { relation, side } = link;
  if (side !== 'near' || relation.link.kind !== 'columns') return [];
  const { local } = relation.link;
  return [...entity.fields.values()].flatMap(field =>
    field.kind === 'column' && local.includes(field.column) ? [field.name] : [],
  );
};

function checkRow(
  check: ChangeCheck,
  entity: Entity,
  data: ChangeData,
  { kind, supplied, depth }: RowNesting,
): BoundRow {
  const values = new Map<string, string | null>();
  for (const input of data.values) {
    const field = checkColumn(check, entity, input, { path: `${data.path}.${input.field}`, kind, supplied });
    if (!field) continue;
    const value = changeValue(field, input.literal);
    if (value === null || typeof value === 'string') values.set(field.name, value);
    else check.refuse(`${data.path}.${field.name}`, value, input.literal.at);
  }
  const links = checkLinks({ check, checkNewRow }, entity, data, { kind, supplied, depth });
  return { path: data.path, fields: [...values.keys()], values: [...values.values()], links };
}

/** @returns the fields that a replacement omits and the caller may write; required ones are added to the faults */
function resetFields(check: ChangeCheck, entity: Entity, data: ChangeData, row: BoundRow): ColumnField[] {
  const known = new Set([...data.values.map(one => one.field), ...row.links.flatMap(nearFields(entity))]);
  const left = writableColumns(entity, 'update').filter(
    field => !known.has(field.name) && check.mayKnow(entity, field),
  );
  for (const field of left.filter(isRequired))
    check.refuse(
      `${data.path}.${field.name}`,
      { code: 'REQUIRED', message: 'A value is required.' },
      data.at,
    );
  return left;
}

function checkColumn(
  check: ChangeCheck,
  entity: Entity,
  { field: name, literal }: ChangeValue,
  {
    path,
    kind,
    supplied,
  }: { readonly path: string; readonly kind: 'insert' | 'update'; readonly supplied: readonly string[] },
): ColumnField | undefined {
  const field = entity.fields.get(name);
  const { at } = literal;
  if (field?.kind === 'column' && isWritable(entity, field, kind)) {
    check.writes.push({ entity, field: name });
    if (!supplied.includes(name)) return field;
    check.refuse(path, { code: 'READ_ONLY', message: 'This value is set by the enclosing record.' }, at);
    return undefined;
  }
  if (!field) check.refuse(path, unknownField(check, entity, name, kind), at);
  else check.refuse(path, { code: 'READ_ONLY', message: `"${name}" cannot be set.` }, at);
  return undefined;
}

function unknownField(
  check: ChangeCheck,
  entity: Entity,
  name: string,
  kind: 'insert' | 'update',
): ValueFault {
  const known = writableColumns(entity, kind).filter(field => check.mayKnow(entity, field));
  const hint = didYouMean(
    name,
    known.map(field => field.name),
  );
  return { code: 'UNKNOWN_FIELD', message: `${entity.set} has no field "${name}".`, hint };
}

function checkTarget(check: ChangeCheck, entity: Entity, target: ChangeTarget): BoundTarget {
  if (target.kind === 'key') return { kind: 'key', key: checkKey(check, entity, target.key) };
  const { context } = check;
  const scope = scopeOf(entity);
  context.references.push({ entity });
  const where = target.where && bindCondition(context, scope, target.where);
  return { kind: 'where', source: scope.root as typeof scope.root & { entity: Entity }, where };
}
