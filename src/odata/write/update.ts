// PATCH, PUT and DELETE of an entity (OData 4.01 Part 1, 11.4.3 to 11.4.5).

import { Fault } from '../../base/errors.ts';
import type { ColumnField } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeData } from '../../query/ask/entity-change.ts';
import { isWritable } from '../../query/change/check/writable.ts';
import { itVariable } from '../translate/translation.ts';
import { bodyToData } from './body-to-data.ts';
import { findKey } from './find-key.ts';
import { createOnly, createOrUpdate, mayChooseKey, type Update } from './make-missing.ts';
import { readPrecondition, unmet } from './precondition.ts';
import { toJsonObject } from './read-body.ts';
import { checkRepeatedKey } from './repeated-key.ts';
import { bodyPath } from './write-fault.ts';
import { change, type WriteRequest } from './write-request.ts';
import { answerWritten, showingOf } from './written-entity.ts';

export const patchEntity = (write: WriteRequest): Promise<Answer> => updateEntity(write, false);
export const putEntity = (write: WriteRequest): Promise<Answer> => updateEntity(write, true);

export async function deleteEntity(write: WriteRequest): Promise<Answer> {
  const { steps } = write.resource;
  const { entity } = steps.at(-1)!.entity;
  const { ifVersion, mustNotExist } = await readPrecondition(write, steps);
  const key = await findKey(write, steps);
  if (mustNotExist) throw unmet('If-None-Match: * cannot be used with DELETE.', 'if-none-match');
  await change(write, {
    change: { kind: 'delete', entity: entity.name, target: { kind: 'key', key }, ifVersion },
  });
  return { status: 204 };
}

async function updateEntity(write: WriteRequest, replace: boolean): Promise<Answer> {
  const { steps } = write.resource;
  const { entity } = steps.at(-1)!.entity;
  const rules = await readPrecondition(write, steps);
  const body = toJsonObject(write.body, write.request);
  const key = await findKey(write, steps);
  await checkRepeatedKey(write, entity, key, body);
  const mayCreate = steps.length === 1 && mayChooseKey(entity, key);
  const update: Update = { write, entity, key, body, replace, rules, mayCreate };
  if (rules.mustNotExist) return createOnly(update);
  return (await updateExisting(update)) ?? createOrUpdate(update, () => updateExisting(update));
}

/** @returns undefined when it does not exist and may be created @throws NOT_FOUND, PRECONDITION_FAILED */
async function updateExisting(update: Update): Promise<Answer | undefined> {
  const { write, entity, key, body, replace, rules, mayCreate } = update;
  const data = keeping(update, bodyToData(write, entity, body, { path: bodyPath, mode: 'update' }));
  const showing = showingOf(write, entity);
  const { ifVersion } = rules;
  const target = { kind: 'key', key } as const;
  try {
    const answer = await change(write, {
      change: { kind: 'update', entity: entity.name, target, data, replace, ifVersion },
      select: showing.select,
      variable: itVariable,
      one: true,
    });
    return answerWritten(write, entity, showing, { answer });
  } catch (error) {
    if (!isMissing(error) || !mayCreate) throw error;
    if (rules.mustExist) throw unmet(error.message, 'if-match');
    return undefined;
  }
}

/** A replacement keeps the key values of the URL. */
function keeping({ entity, key, replace }: Update, data: ChangeData): ChangeData {
  if (!replace) return data;
  const sent = new Set(data.values.map(({ field }) => field));
  const kept = key.values.filter(
    ({ field }) => !sent.has(field) && isWritable(entity, entity.fields.get(field) as ColumnField, 'update'),
  );
  return { ...data, values: [...data.values, ...kept] };
}

const isMissing = (error: unknown): error is Fault =>
  error instanceof Fault && error.code === 'NOT_FOUND' && error.details === undefined;
