// PATCH, PUT and DELETE of an entity (OData 4.01 Part 1, 11.4.3 to 11.4.5).

import { Fault } from '../../base/errors.ts';
import type { ColumnField } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeData } from '../../query/ask/entity-change.ts';
import { isWritable } from '../../query/change/check/writable.ts';
import { itVariable } from '../translate/translation.ts';
import { bodyToData } from './body-to-data.ts';
import { findKey } from './find-key.ts';
import { makeOnly, makeOrUpdate, mayChoose, type Update } from './make-missing.ts';
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
  if (mustNotExist) throw unmet('If-None-Match: * does not go with DELETE.', 'if-none-match');
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
  const mayMake = steps.length === 1 && mayChoose(entity, key);
  const asked: Update = { write, entity, key, body, replace, rules, mayMake };
  if (rules.mustNotExist) return makeOnly(asked);
  return (await updateExisting(asked)) ?? makeOrUpdate(asked, () => updateExisting(asked));
}

/** @returns undefined where it does not exist and may be made @throws NOT_FOUND, PRECONDITION_FAILED */
async function updateExisting(asked: Update): Promise<Answer | undefined> {
  const { write, entity, key, body, replace, rules, mayMake } = asked;
  const data = keeping(asked, bodyToData(write, entity, body, bodyPath, 'update'));
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
    return answerWritten(write, entity, showing, answer);
  } catch (error) {
    if (!isMissing(error) || !mayMake) throw error;
    if (rules.mustExist) throw unmet(error.message, 'if-match');
    return undefined;
  }
}

/** What the address says of a record is not left out of what replaces it. */
function keeping({ entity, key, replace }: Update, data: ChangeData): ChangeData {
  if (!replace) return data;
  const given = new Set(data.values.map(({ field }) => field));
  const kept = key.values.filter(
    ({ field }) => !given.has(field) && isWritable(entity, entity.fields.get(field) as ColumnField, 'update'),
  );
  return { ...data, values: [...data.values, ...kept] };
}

const isMissing = (error: unknown): error is Fault =>
  error instanceof Fault && error.code === 'NOT_FOUND' && error.details === undefined;
