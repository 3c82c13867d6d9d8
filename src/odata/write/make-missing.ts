// Upserts: an update of a missing entity creates it, if the client may choose its key (OData 4.01 Part 1, 11.4.4).

import { Fault, fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeKey } from '../../query/ask/entity-change.ts';
import { isWritable } from '../../query/change/check/writable.ts';
import type { ChangeFault } from '../../query/change/refusal/fault.ts';
import { bodyToData } from './body-to-data.ts';
import { insertEntity } from './create.ts';
import { readRow } from './find-key.ts';
import { existsAlready, type Precondition } from './precondition.ts';
import type { JsonObject } from './read-body.ts';
import { refuseOther } from './repeated-key.ts';
import { bodyPath } from './write-fault.ts';
import type { WriteRequest } from './write-request.ts';

export interface Update {
  readonly write: WriteRequest;
  readonly entity: Entity;
  readonly key: ChangeKey;
  readonly body: JsonObject;
  readonly replace: boolean;
  readonly rules: Precondition;
  /** Whether a missing entity can be created. */
  readonly mayCreate: boolean;
}

/**
 * Another request may create the same entity first.
 * @param retryUpdate updates it; returns undefined when it still does not exist
 */
export async function createOrUpdate(
  update: Update,
  retryUpdate: () => Promise<Answer | undefined>,
): Promise<Answer> {
  try {
    return await create(update);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (isTaken(error)) {
      const answer = await retryUpdate();
      if (answer) return answer;
    }
    throw isIncomplete(error) ? noSuchEntity(update, error) : error;
  }
}

/** `If-None-Match: *` @throws PRECONDITION_FAILED when it already exists */
export async function createOnly(update: Update): Promise<Answer> {
  const { write, mayCreate, entity } = update;
  const exists = async () => (await readRow(write, write.resource.steps, [])) !== undefined;
  if (!mayCreate) {
    if (await exists()) throw existsAlready(entity);
    throw fault(
      'NOT_FOUND',
      `The ${entity.single} does not exist, and the server chooses the key of a new one.`,
    );
  }
  try {
    return await create(update);
  } catch (error) {
    if (error instanceof Fault && isTaken(error) && (await exists())) throw existsAlready(entity);
    throw error;
  }
}

function create({ write, entity, key, body }: Update): Promise<Answer> {
  const data = bodyToData(write, entity, body, { path: bodyPath, mode: 'insert' });
  const own = new Set(key.values.map(({ field }) => field));
  const repeated = data.values.map(({ field }) => field).filter(field => own.has(field));
  refuseOther(entity, repeated, key.values, body);
  const values = [...key.values, ...data.values.filter(({ field }) => !own.has(field))];
  return insertEntity(write, entity, { ...data, values });
}

const faultsOf = ({ details = [] }: Fault): readonly ChangeFault[] => details as readonly ChangeFault[];

const isTaken = (error: Fault): boolean => faultsOf(error).some(({ code }) => code === 'NOT_UNIQUE');

const isIncomplete = (error: Fault): boolean =>
  faultsOf(error).length > 0 && faultsOf(error).every(({ code }) => code === 'REQUIRED');

/** When required fields are missing, the client most likely meant an existing record. */
function noSuchEntity({ entity, key }: Update, error: Fault): Fault {
  const shownKey = key.values.map(({ field, literal }) => `${field} ${String(literal.value)}`).join(', ');
  const missing = faultsOf(error).map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
  return fault('NOT_FOUND', `There is no ${entity.single} with ${shownKey.slice(0, 200).toWellFormed()}.`, {
    hint: `To create it, also send ${missing.join(', ')}.`,
    target: key.values[0]!.field,
  });
}

/** The caller cannot choose keys that the database generates. */
export const mayChooseKey = (entity: Entity, { values }: ChangeKey): boolean =>
  values.every(({ field }) => isWritable(entity, entity.fields.get(field) as ColumnField, 'insert'));
