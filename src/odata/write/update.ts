// PATCH, PUT and DELETE of an entity. What does not exist is made where its key may be chosen (OData 4.01 Part 1, 11.4.3 to 11.4.5).

import { Fault, fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message.ts';
import { type ChangeFault, changeFault } from '../../query/change-fault.ts';
import { changeValue } from '../../query/change-value.ts';
import type { ChangeData, ChangeKey, ChangeValue } from '../../query/entity-change.ts';
import { isWritable } from '../../query/writable.ts';
import { bodyToData } from './body-to-data.ts';
import { insertEntity } from './create.ts';
import { findKey, readRow } from './find-key.ts';
import { jsonToLiteral } from './json-to-literal.ts';
import { type Precondition, readPrecondition, unmet } from './precondition.ts';
import { type JsonObject, toJsonObject } from './read-body.ts';
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
  const body = toJsonObject(write.body, write.request);
  const rules = await readPrecondition(write, steps);
  const key = await findKey(write, steps);
  await checkRepeatedKey(write, entity, key, body);
  const mayMake = steps.length === 1 && mayChoose(entity, key);
  const asked: Update = { write, entity, key, body, replace, rules, mayMake };
  if (rules.mustNotExist) return makeOnly(asked);
  return (await updateExisting(asked)) ?? makeOrUpdate(asked);
}

interface Update {
  readonly write: WriteRequest;
  readonly entity: Entity;
  readonly key: ChangeKey;
  readonly body: JsonObject;
  readonly replace: boolean;
  readonly rules: Precondition;
  /** Whether what is not there can be made. */
  readonly mayMake: boolean;
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
    ({ field }) => !given.has(field) && isWritable(entity, columnOf(entity, field), 'update'),
  );
  return { ...data, values: [...data.values, ...kept] };
}

const isMissing = (error: unknown): error is Fault =>
  error instanceof Fault && error.code === 'NOT_FOUND' && error.details === undefined;

/** Whoever makes the same at the same time may be first. */
async function makeOrUpdate(asked: Update): Promise<Answer> {
  try {
    return await make(asked);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (isTaken(error)) {
      const answer = await updateExisting(asked);
      if (answer) return answer;
    }
    throw isIncomplete(error) ? notFoundYet(asked, error) : error;
  }
}

async function makeOnly(asked: Update): Promise<Answer> {
  const { write, mayMake, entity } = asked;
  const isThere = async () => (await readRow(write, write.resource.steps, [])) !== undefined;
  const exists = () => unmet(`This ${entity.single} exists.`, 'if-none-match');
  if (!mayMake) {
    if (await isThere()) throw exists();
    throw fault(
      'NOT_FOUND',
      `There is no such ${entity.single}, and the server chooses the key of a new one.`,
    );
  }
  try {
    return await make(asked);
  } catch (error) {
    if (error instanceof Fault && isTaken(error) && (await isThere())) throw exists();
    throw error;
  }
}

function make({ write, entity, key, body }: Update): Promise<Answer> {
  const data = bodyToData(write, entity, body, bodyPath, 'insert');
  const own = new Set(key.values.map(({ field }) => field));
  const values = [...key.values, ...data.values.filter(({ field }) => !own.has(field))];
  return insertEntity(write, entity, { ...data, values } satisfies ChangeData);
}

const faultsOf = ({ details = [] }: Fault): readonly ChangeFault[] => details as readonly ChangeFault[];

const isTaken = (error: Fault): boolean => faultsOf(error).some(({ code }) => code === 'NOT_UNIQUE');

const isIncomplete = (error: Fault): boolean =>
  faultsOf(error).length > 0 && faultsOf(error).every(({ code }) => code === 'REQUIRED');

/** Most who leave out what a new record needs meant one that they think exists. */
function notFoundYet({ entity, key }: Update, error: Fault): Fault {
  const said = key.values.map(({ field, literal }) => `${field} ${String(literal.value)}`).join(', ');
  const missing = faultsOf(error).map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
  return fault('NOT_FOUND', `There is no ${entity.single} with ${said.slice(0, 200).toWellFormed()}.`, {
    hint: `To make it, give ${missing.join(', ')} as well.`,
    target: key.values[0]!.field,
  });
}

/** Keys that the database counts up are not the caller's to choose. */
const mayChoose = (entity: Entity, { values }: ChangeKey): boolean =>
  values.every(({ field }) => isWritable(entity, entity.fields.get(field) as ColumnField, 'insert'));

/** Clients repeat the key in the body; it can't say another one than the address. @throws INVALID_VALUE */
async function checkRepeatedKey(
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
  const faults = repeated.filter(name => !agrees(entity, name, known, body[name])).map(toFault);
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
  message: 'The key cannot be changed, and the address says another one.',
});
