// POST to a set or to a list relation (OData 4.01 Part 1, 11.4.2).

import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeData, ChangeKey, ChangeValue } from '../../query/ask/entity-change.ts';
import { foreignKey } from '../../query/change/check/writable.ts';
import type { Step } from '../model/resource.ts';
import { itVariable } from '../translate/translation.ts';
import { notServed } from '../url/syntax.ts';
import { bodyToData } from './body-to-data.ts';
import { findKey } from './find-key.ts';
import { toJsonObject } from './read-body.ts';
import { addressPath, bodyPath } from './write-fault.ts';
import { change, type WriteRequest } from './write-request.ts';
import { answerWritten, showingOf } from './written-entity.ts';

export async function createEntity(write: WriteRequest): Promise<Answer> {
  const { steps } = write.resource;
  const { entity } = steps.at(-1)!.entity;
  const body = toJsonObject(write.body, write.request);
  const data = bodyToData(write, entity, body, { path: bodyPath, mode: 'insert' });
  return insertEntity(write, entity, steps.length > 1 ? await withParent(write, steps, data) : data);
}

export async function insertEntity(write: WriteRequest, entity: Entity, data: ChangeData): Promise<Answer> {
  const showing = showingOf(write, entity, data);
  const answer = await change(write, {
    change: { kind: 'insert', entity: entity.name, rows: [data] },
    select: showing.select,
    variable: itVariable,
    one: true,
  });
  return answerWritten(write, entity, showing, { answer, made: data });
}

/** Links a record that is created through a relation to its parent. */
async function withParent(
  write: WriteRequest,
  steps: readonly Step[],
  data: ChangeData,
): Promise<ChangeData> {
  const { relation } = steps.at(-1)!;
  const { inverse } = relation!;
  if (inverse === undefined)
    throw notServed(`"${relation!.name}" for new records, since it has no inverse relation`);
  const parent = await findKey(write, steps.slice(0, -1), addressPath);
  const links = (data.links ?? []).filter(link => link.relation !== inverse);
  const values = data.values.filter(value => !repeats(write, steps, value, parent));
  return { ...data, values, links: [...links, { relation: inverse, path: addressPath, connect: [parent] }] };
}

/** Whether a value only repeats the parent in the URL, or is null. */
function repeats(
  { model: { catalog } }: WriteRequest,
  steps: readonly Step[],
  { field, literal }: ChangeValue,
  parent: ChangeKey,
): boolean {
  const { entity, relation } = steps.at(-1)!;
  const back = entity.entity.fields.get(relation!.inverse!) as RelationField;
  const columns = foreignKey(catalog, entity.entity, back) ?? [];
  const [key, ...others] = parent.values;
  if (!columns.some(column => column.name === field)) return false;
  const isKey = others.length === 0 && steps.at(-2)!.entity.entity.key.join() === key!.field;
  return literal.value === null || (isKey && String(literal.value) === String(key!.literal.value));
}
