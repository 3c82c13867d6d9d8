// The audit log: what was done to users, credentials, grants and secrets, by whom and from where.

import type { Database } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { isUuid } from '../base/uuid.ts';
import { addEvent, clearEvents, listEvents, type Position } from './audit-store.ts';
import type { AuditEvent, AuditFilter, AuditList, AuditPage, KeptEvent } from './event.ts';

export interface Audit {
  /** Never fails: an event that cannot be stored goes to the server log, from which it can be restored. */
  record(event: AuditEvent): Promise<void>;
  /** @throws INVALID_VALUE for an invalid cursor, user id or number of events */
  list(filter?: AuditFilter, page?: AuditPage): Promise<AuditList>;
  /** Deletes one batch of events older than `days`. @returns whether there may be more */
  clear(days: number): Promise<boolean>;
}

export interface AuditDeps {
  readonly database: Database;
  readonly log: Logger;
}

const takeDefault = 100;
export const takeMax = 500;
const batchRows = 5_000;

export function createAudit({ database, log }: AuditDeps): Audit {
  async function record(event: AuditEvent): Promise<void> {
    try {
      await addEvent(database, event);
    } catch (error) {
      const { kind, userId, subject, principal, request } = event;
      const known = { kind, userId, subject, actor: principal?.id, requestId: request?.id };
      log.error({ ...known, error }, 'an event could not be written to the audit log');
    }
  }

  async function list(filter: AuditFilter = {}, page: AuditPage = {}): Promise<AuditList> {
    const { take = takeDefault } = page;
    if (!Number.isInteger(take) || take < 1 || take > takeMax)
      throw fault('INVALID_VALUE', `"take" must be a number from 1 to ${takeMax}.`, { target: 'take' });
    const after = page.after === undefined ? undefined : readCursor(page.after);
    const checked = check(filter);
    // One more than requested tells whether there is a next page.
    const found = checked ? await listEvents(database, checked, { take: take + 1, after }) : [];
    const events = found.slice(0, take);
    return { events, next: found.length > take ? toCursor(events.at(-1)!) : null };
  }

  const clear = async (days: number) => (await clearEvents(database, days, batchRows)) === batchRows;

  return { record, list, clear };
}

/** @returns undefined for a filter that no event can match @throws INVALID_VALUE */
function check(filter: AuditFilter): AuditFilter | undefined {
  for (const target of ['userId', 'actorUserId'] as const) {
    const id = filter[target];
    if (id !== undefined && !isUuid(id))
      throw fault('INVALID_VALUE', `"${target}" must be the id of a user.`, { target });
  }
  const texts = [filter.kind, filter.subject, filter.address];
  return texts.some(text => text?.includes('\0')) ? undefined : filter;
}

const toCursor = ({ at, id }: KeptEvent): string => `${at.getTime()}-${id}`;

function readCursor(text: string): Position {
  const [, at, id] = /^(\d{1,14})-(\d{1,18})$/.exec(text) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw fault('INVALID_VALUE', '"after" is not a valid page cursor.', { target: 'after' });
}
