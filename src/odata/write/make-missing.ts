// Updates of what does not exist make it, where its key may be chosen (OData 4.01 Part 1, 11.4.4).

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
  /** Whether what is not there can be made. */
  readonly mayMake: boolean;
}

/**
 * Whoever makes the same at the same time may be first.
 * @param again updates it; gives undefined where it is still not there
 */
export async function makeOrUpdate(asked: Update, again: () => Promise<Answer | undefined>): Promise<Answer> {
  try {
    return await make(asked);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (isTaken(error)) {
      const answer = await again();
      if (answer) return answer;
    }
    throw isIncomplete(error) ? notFoundYet(asked, error) : error;
  }
}

/** `If-None-Match: *` @throws PRECONDITION_FAILED where it is there already */
export async function makeOnly(asked: Update): Promise<Answer> {
  const { write, mayMake, entity } = asked;
  const isThere = async () => (await readRow(write, write.resource.steps, [])) !== undefined;
  if (!mayMake) {
    if (await isThere()) throw existsAlready(entity);
    throw fault(
      'NOT_FOUND',
      `There is no such ${entity.single}, and the server chooses the key of a new one.`,
    );
  }
  try {
    return await make(asked);
  } catch (error) {
    if (error instanceof Fault && isTaken(error) && (await isThere())) throw existsAlready(entity);
    throw error;
  }
}

function make({ write, entity, key, body }: Update): Promise<Answer> {
  const data = bodyToData(write, entity, body, bodyPath, 'insert');
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
export const mayChoose = (entity: Entity, { values }: ChangeKey): boolean =>
  values.every(({ field }) => isWritable(entity, entity.fields.get(field) as ColumnField, 'insert'));
