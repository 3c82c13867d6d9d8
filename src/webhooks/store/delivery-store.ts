// The table of deliveries is a queue: instances take what is due, and nobody takes what another one is trying. The events of
// one record are taken one after the other.

import type { RawRow, Session } from '../../base/database/database.ts';
import type { Attempt, Delivery, DeliveryState } from '../model/webhook.ts';

export interface NewDelivery {
  readonly id: string;
  readonly event: string;
  /** null: in any order. */
  readonly record: string | null;
  readonly changeId: bigint | null;
  readonly payload: string;
}

/** A delivery that this instance is to try. */
export interface DueDelivery {
  readonly id: string;
  readonly payload: string;
  /** Those before this one. */
  readonly attempts: number;
}

const addText = `
INSERT INTO "portolan"."webhook_delivery" ("webhookId", "id", "event", "record", "changeId", "payload")
SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
ON CONFLICT ("webhookId", "changeId") DO NOTHING`;

/** In this order. A change that has its delivery already is left out. */
export async function addDeliveries(
  session: Session,
  webhookId: string,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const column = <T extends string | bigint | null>(of: (one: NewDelivery) => T) => deliveries.map(of);
  const values = [
    webhookId,
    column(({ id }) => id),
    column(({ event }) => event),
    column(({ record }) => record),
    column(({ changeId }) => changeId),
    column(({ payload }) => payload),
  ];
  await session.query(addText, values, { name: 'webhook_add' });
}

const takeText = `
UPDATE "portolan"."webhook_delivery" t SET "leasedUntil" = now() + make_interval(secs => $3::float8), "attempts" = t."attempts" + 1
WHERE t."sequence" IN (
  SELECT d."sequence" FROM "portolan"."webhook_delivery" d
  WHERE d."webhookId" = $1::uuid AND d."state" = 'pending' AND d."nextAt" <= now()
    AND (d."leasedUntil" IS NULL OR d."leasedUntil" < now())
    AND NOT EXISTS (SELECT FROM "portolan"."webhook_delivery" e WHERE e."webhookId" = d."webhookId"
      AND e."record" = d."record" AND e."state" = 'pending' AND e."sequence" < d."sequence")
  ORDER BY d."sequence" LIMIT $2::bigint FOR UPDATE SKIP LOCKED)
RETURNING t."id", t."payload", t."attempts" - 1`;

/** @param leaseSeconds after which another instance may try it again: this one has died then */
export async function takeDue(
  session: Session,
  webhookId: string,
  take: number,
  leaseSeconds: number,
): Promise<DueDelivery[]> {
  const { rows } = await session.query(takeText, [webhookId, take, leaseSeconds], { name: 'webhook_take' });
  return rows.map(([id, payload, attempts]) => ({ id: id!, payload: payload!, attempts: Number(attempts) }));
}

/** @returns milliseconds until something is due; undefined if nothing is pending */
export async function untilDueMs(session: Session, webhookId: string): Promise<number | undefined> {
  const { rows } = await session.query(
    `SELECT extract(epoch FROM min(greatest("nextAt", "leasedUntil")) - now()) * 1000 FROM "portolan"."webhook_delivery"
WHERE "webhookId" = $1::uuid AND "state" = 'pending'`,
    [webhookId],
    { name: 'webhook_until' },
  );
  const ms = rows[0]?.[0];
  return ms == null ? undefined : Math.max(0, Number(ms));
}

const endText = `
WITH ended AS (
  UPDATE "portolan"."webhook_delivery" SET "state" = $2::"portolan"."DeliveryState", "leasedUntil" = NULL,
    "nextAt" = now() + make_interval(secs => $3::float8 / 1000), "endedAt" = CASE WHEN $2 = 'pending' THEN NULL ELSE now() END
  WHERE "id" = $1 RETURNING "id")
INSERT INTO "portolan"."webhook_attempt" ("deliveryId", "durationMs", "status", "error", "excerpt")
SELECT "id", $4::int, $5::int, $6, $7 FROM ended`;

/** What an attempt leads to. */
export interface AttemptEnd extends Omit<Attempt, 'at'> {
  readonly state: DeliveryState;
  /** Until it is tried again. */
  readonly nextMs?: number;
}

export async function endAttempt(
  session: Session,
  id: string,
  { state, nextMs, durationMs, status, error, excerpt }: AttemptEnd,
): Promise<void> {
  await session.query(endText, [id, state, nextMs ?? null, durationMs, status, error, excerpt], {
    name: 'webhook_end',
  });
}

const shown = `"id", "event", "state"::text, "attempts", to_json("createdAt"), to_json("nextAt"), to_json("endedAt"), "sequence"`;

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  readonly event?: string;
  /** The sequence after which a page begins, newest first. */
  readonly before?: bigint;
}

/** @returns the newest first, with the sequence of each */
export async function listDeliveries(
  session: Session,
  webhookId: string,
  { state, event, before }: DeliveryFilter,
  take: number,
): Promise<(Delivery & { readonly sequence: bigint })[]> {
  const { rows } = await session.query(
    `SELECT ${shown} FROM "portolan"."webhook_delivery" WHERE "webhookId" = $1::uuid
  AND ($2::text IS NULL OR "state"::text = $2) AND ($3::text IS NULL OR "event" = $3) AND ($4::bigint IS NULL OR "sequence" < $4)
ORDER BY "sequence" DESC LIMIT $5::bigint`,
    [webhookId, state ?? null, event ?? null, before ?? null, take],
  );
  return rows.map(row => ({ ...toDelivery(row), sequence: BigInt(row[7]!) }));
}

export interface DeliveryDetails extends Delivery {
  readonly payload: unknown;
  /** The oldest first. */
  readonly log: readonly Attempt[];
}

export async function findDelivery(
  session: Session,
  webhookId: string,
  id: string,
): Promise<DeliveryDetails | undefined> {
  const { rows } = await session.query(
    `SELECT ${shown}, "payload" FROM "portolan"."webhook_delivery" WHERE "webhookId" = $1::uuid AND "id" = $2`,
    [webhookId, id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const log = await session.query(
    `SELECT to_json("at"), "durationMs", "status", "error", "excerpt" FROM "portolan"."webhook_attempt"
WHERE "deliveryId" = $1 ORDER BY "id" LIMIT 100`,
    [id],
  );
  return { ...toDelivery(row), payload: JSON.parse(row[8]!), log: log.rows.map(toAttempt) };
}

/** What is to be delivered once more. */
export interface Redelivery {
  readonly id?: string;
  readonly state?: DeliveryState;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  readonly to?: string;
}

/** Deliveries that are being tried stay as they are. @returns how many are delivered again, at most `max` */
export async function redeliver(
  session: Session,
  webhookId: string,
  { id, state, from, to }: Redelivery,
  max: number,
): Promise<number> {
  const { rowCount } = await session.query(
    `UPDATE "portolan"."webhook_delivery" SET "state" = 'pending', "attempts" = 0, "nextAt" = now(), "endedAt" = NULL
WHERE "sequence" IN (SELECT "sequence" FROM "portolan"."webhook_delivery" WHERE "webhookId" = $1::uuid
  AND ($2::text IS NULL OR "id" = $2) AND ($3::text IS NULL OR "state"::text = $3)
  AND ($4::timestamptz IS NULL OR "createdAt" >= $4) AND ($5::timestamptz IS NULL OR "createdAt" <= $5)
  AND ("leasedUntil" IS NULL OR "leasedUntil" < now()) ORDER BY "sequence" LIMIT $6::bigint)`,
    [webhookId, id ?? null, state ?? null, from ?? null, to ?? null, max],
  );
  return rowCount;
}

const clearText = `
DELETE FROM "portolan"."webhook_delivery" WHERE "sequence" IN (
  SELECT "sequence" FROM "portolan"."webhook_delivery" WHERE "endedAt" < now() - make_interval(days => $1::int) LIMIT $2::bigint)`;

/** Deletes deliveries that ended more than so many days ago. @returns how many, at most `take` */
export async function clearDeliveries(session: Session, days: number, take: number): Promise<number> {
  return (await session.query(clearText, [days, take])).rowCount;
}

function toDelivery([id, event, state, attempts, createdAt, nextAt, endedAt]: RawRow): Delivery {
  const isPending = state === 'pending';
  return {
    id: id!,
    event: event!,
    state: state as DeliveryState,
    attempts: Number(attempts),
    createdAt: toIso(createdAt)!,
    nextAt: isPending ? toIso(nextAt) : null,
    endedAt: toIso(endedAt),
  };
}

const toAttempt = ([at, durationMs, status, error, excerpt]: RawRow): Attempt => ({
  at: toIso(at)!,
  durationMs: Number(durationMs),
  status: status == null ? null : Number(status),
  error: error ?? null,
  excerpt: excerpt ?? null,
});

const toIso = (json: string | null | undefined): string | null =>
  json == null ? null : new Date(JSON.parse(json)).toISOString();
