// The rows of the audit log.

import type { Database, Parameter, RawRow } from '../base/database/database.ts';
import { withoutSecrets } from '../base/log.ts';
import type { Actor, AuditEvent, AuditFilter, KeptEvent } from './event.ts';

/** The last row of a page. The rows after it are older, or equally old with a smaller id. */
export interface Position {
  /** Milliseconds since 1970, the precision of the column. */
  readonly at: number;
  readonly id: string;
}

const addText = `
INSERT INTO "portolan"."audit_event" ("kind", "userId", "subject", "actor", "address", "userAgent", "requestId", "details")
VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8::jsonb)`;

const columns = `"id"::text, extract(epoch FROM "at") * 1000, "kind", "userId"::text, "subject", "actor"::text, "address",
  "userAgent", "requestId", "details"::text`;

const clearText = `
DELETE FROM "portolan"."audit_event" WHERE "id" IN (
  SELECT "id" FROM "portolan"."audit_event" WHERE "at" < now() - make_interval(days => $1::int) ORDER BY "at" LIMIT $2::bigint)`;

const userAgentLengthMax = 300;
const textLengthMax = 200;

export async function addEvent(database: Database, event: AuditEvent): Promise<void> {
  const { kind, userId, subject, principal, request, details } = event;
  const values = [
    kind,
    userId ?? null,
    subject?.slice(0, textLengthMax) ?? null,
    principal ? JSON.stringify(toActor(principal)) : null,
    request?.address ?? null,
    request?.header('user-agent')?.slice(0, userAgentLengthMax) ?? null,
    request?.id ?? null,
    details ? toJson(details) : null,
  ];
  await database.query(addText, values, { name: 'audit_add' });
}

const toActor = ({ kind, id, userId, appId, origin, name }: NonNullable<AuditEvent['principal']>): Actor => ({
  kind,
  id,
  userId,
  appId: appId ?? origin?.appId,
  name,
});

/** Details must hold no secrets; what looks like one is removed all the same. */
const toJson = (details: object): string =>
  // PostgreSQL cannot store NUL or a lone surrogate, both of which JSON.stringify escapes.
  withoutSecrets(JSON.stringify(details)).replace(/\\u(0000|d[89a-f][0-9a-f]{2})/g, '\\ufffd');

/** @returns at most `take` events, newest first */
export async function listEvents(
  database: Database,
  filter: AuditFilter,
  { take, after }: { take: number; after?: Position },
): Promise<KeptEvent[]> {
  const values: Parameter[] = [];
  const bind = (value: Parameter) => `$${values.push(value)}`;
  const conditions = [...conditionsOf(filter, bind), ...(after ? [afterPosition(after, bind)] : [])];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const text = `SELECT ${columns} FROM "portolan"."audit_event" e ${where} ORDER BY e."at" DESC, e."id" DESC LIMIT ${bind(take)}::int`;
  return (await database.query(text, values)).rows.map(toEvent);
}

function conditionsOf(filter: AuditFilter, bind: (value: Parameter) => string): string[] {
  const { kind, userId, subject, actorUserId, address, from, to } = filter;
  return [
    kind?.endsWith('.*') && `starts_with("kind", ${bind(kind.slice(0, -1))})`,
    kind !== undefined && !kind.endsWith('.*') && `"kind" = ${bind(kind)}`,
    userId !== undefined && `"userId" = ${bind(userId)}::uuid`,
    subject !== undefined && `"subject" = ${bind(subject)}`,
    actorUserId !== undefined && `"actor" ->> 'userId' = ${bind(actorUserId)}`,
    address !== undefined && `"address" = ${bind(address)}`,
    from && `"at" >= ${bind(from.toISOString())}::timestamptz`,
    to && `"at" < ${bind(to.toISOString())}::timestamptz`,
  ].filter(condition => typeof condition === 'string');
}

const afterPosition = ({ at, id }: Position, bind: (value: Parameter) => string): string =>
  `("at", "id") < (${bind(new Date(at).toISOString())}::timestamptz, ${bind(id)}::bigint)`;

/** @returns the number of deleted events */
export const clearEvents = async (database: Database, days: number, rowsMax: number): Promise<number> =>
  (await database.query(clearText, [days, rowsMax])).rowCount;

function toEvent([
  id,
  at,
  kind,
  userId,
  subject,
  actor,
  address,
  userAgent,
  requestId,
  details,
]: RawRow): KeptEvent {
  return {
    id: id!,
    at: new Date(Number(at)),
    kind: kind!,
    userId: userId ?? null,
    subject: subject ?? null,
    actor: actor == null ? null : JSON.parse(actor),
    address: address ?? null,
    userAgent: userAgent ?? null,
    requestId: requestId ?? null,
    details: details == null ? null : JSON.parse(details),
  };
}
