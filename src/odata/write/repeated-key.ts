// Clients may repeat the key of the URL in the body.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { ChangeKey, ChangeValue } from '../../query/ask/entity-change.ts';
import { changeValue } from '../../query/change/check/value.ts';
import { type ChangeFault, changeFault } from '../../query/change/refusal/fault.ts';
import { readRow } from './find-key.ts';
import { jsonToLiteral } from './json-to-literal.ts';
import type { JsonObject } from './read-body.ts';
import { bodyPath } from './write-fault.ts';
import type { WriteRequest } from './write-request.ts';

/** @throws INVALID_VALUE when the key in the body differs from the key in the URL */
export async function checkRepeatedKey(
  write: WriteRequest,
  entity: Entity,
  key: ChangeKey,
  body: JsonObject,
): Promise<void> {
  const repeated = entity.key.filter(name => Object.hasOwn(body, name));
  if (repeated.length === 0) return;
  const known = repeated.every(name => key.values.some(({ field }) => field === name))
    ? key.values
    : await storedKey(write, entity);
  refuseOther(entity, repeated, known, body);
}

/** @param names fields in the body that must equal their known values @throws INVALID_VALUE */
export function refuseOther(
  entity: Entity,
  names: readonly string[],
  known: readonly ChangeValue[],
  body: JsonObject,
): void {
  const faults = names.filter(name => !agrees(entity, name, known, body[name])).map(toFault);
  if (faults.length > 0) throw changeFault(faults);
}

async function storedKey(write: WriteRequest, entity: Entity): Promise<readonly ChangeValue[]> {
  const row = await readRow(write, write.resource.steps, entity.key);
  if (!row) return [];
  return entity.key.map(field => ({
    field,
    literal: jsonToLiteral(columnOf(entity, field).type, row[field]),
  }));
}

function agrees(entity: Entity, name: string, known: readonly ChangeValue[], value: unknown): boolean {
  const own = known.find(({ field }) => field === name);
  const column = columnOf(entity, name);
  if (!own) return true;
  return changeValue(column, own.literal) === changeValue(column, jsonToLiteral(column.type, value));
}

const columnOf = (entity: Entity, name: string) => entity.fields.get(name) as ColumnField;

const toFault = (name: string): ChangeFault => ({
  path: `${bodyPath}.${name}`,
  code: 'READ_ONLY',
  message: 'The value differs from the key in the URL.',
});
