// The table of webhooks.

import { ownedScopes, type Role } from '../../auth/scopes/roles.ts';
import { effectiveScopes } from '../../auth/scopes/scopes.ts';
import type { Parameter, RawRow, Session } from '../../base/database/database.ts';
import type { ActiveWebhook, Webhook } from '../model/webhook.ts';

export type WebhookDraft = Omit<
  Webhook,
  'id' | 'createdAt' | 'failingSince' | 'disabledAt' | 'disabledReason'
>;

export type WebhookUpdate = Partial<Pick<Webhook, 'name' | 'url' | 'events' | 'fields'>>;

const columns = `w."id"::text, w."userId"::text, w."keyId", w."name", w."url", array_to_json(w."events"), array_to_json(w."fields"),
  array_to_json(w."scopes"), to_json(w."createdAt"), to_json(w."failingSince"), to_json(w."disabledAt"), w."disabledReason"`;

/** The key that created it, or one that replaced that key, can still be used. */
const keyActive = `(w."keyId" IS NULL OR EXISTS (
  WITH RECURSIVE chain AS (
    SELECT k."id", k."revokedAt", k."expiresAt" FROM "portolan"."api_key" k WHERE k."id" = w."keyId"
    UNION SELECT n."id", n."revokedAt", n."expiresAt" FROM "portolan"."api_key" n JOIN chain c ON n."replaces" = c."id"
  ) SELECT FROM chain WHERE "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > now())))`;

/** @param userId absent: those of all users @returns the oldest first */
export async function listWebhooks(session: Session, userId: string | undefined): Promise<Webhook[]> {
  const { rows } = await session.query(
    `SELECT ${columns} FROM "portolan"."webhook" w WHERE $1::uuid IS NULL OR w."userId" = $1 ORDER BY w."createdAt", w."id" LIMIT 1000`,
    [userId ?? null],
  );
  return rows.map(toWebhook);
}

export async function findWebhook(session: Session, id: string): Promise<Webhook | undefined> {
  const { rows } = await session.query(
    `SELECT ${columns} FROM "portolan"."webhook" w WHERE w."id" = $1::uuid`,
    [id],
  );
  return rows[0] && toWebhook(rows[0]);
}

/** @param known the catalog's scopes @returns every webhook that gets events at present */
export async function activeWebhooks(session: Session, known: readonly string[]): Promise<ActiveWebhook[]> {
  const { rows } = await session.query(
    `SELECT ${columns}, u."role"::text, array_to_json(u."scopes")
FROM "portolan"."webhook" w JOIN "portolan"."user" u ON u."id" = w."userId"
WHERE w."disabledAt" IS NULL AND u."disabledAt" IS NULL AND ${keyActive} ORDER BY w."createdAt", w."id"`,
    [],
    { name: 'webhooks_active' },
  );
  return rows.map(row => toActive(row, known));
}

function toActive(row: RawRow, known: readonly string[]): ActiveWebhook {
  const webhook = toWebhook(row);
  const [role, owned] = row.slice(12);
  const owner = { role: (role ?? null) as Role | null, scopes: JSON.parse(owned ?? '[]') };
  const effective = effectiveScopes(webhook.scopes, ownedScopes(owner, known));
  const principal = Object.freeze({
    kind: 'key' as const,
    id: webhook.keyId ?? webhook.id,
    userId: webhook.userId,
    name: webhook.name,
    scopes: new Set(effective),
    scopeKey: effective.join(' '),
  });
  return { ...webhook, principal };
}

/** @returns its id */
export async function addWebhook(session: Session, draft: WebhookDraft): Promise<string> {
  const { userId, keyId, name, url, events, fields, scopes } = draft;
  const { rows } = await session.query(
    `INSERT INTO "portolan"."webhook" ("userId", "keyId", "name", "url", "events", "fields", "scopes")
VALUES ($1::uuid, $2, $3, $4, $5::text[], $6::text[], $7::text[]) RETURNING "id"::text`,
    [userId, keyId, name, url, [...events], [...fields], [...scopes]],
  );
  return rows[0]![0]!;
}

export async function updateWebhook(session: Session, id: string, update: WebhookUpdate): Promise<void> {
  const { name, url, events, fields } = update;
  await session.query(
    `UPDATE "portolan"."webhook" SET "name" = coalesce($2, "name"), "url" = coalesce($3, "url"),
  "events" = coalesce($4::text[], "events"), "fields" = coalesce($5::text[], "fields") WHERE "id" = $1::uuid`,
    [id, name ?? null, url ?? null, listOrNull(events), listOrNull(fields)],
  );
}

const listOrNull = (list: readonly string[] | undefined): Parameter => (list ? [...list] : null);

export async function removeWebhook(session: Session, id: string): Promise<void> {
  await session.query(`DELETE FROM "portolan"."webhook" WHERE "id" = $1::uuid`, [id]);
}

export async function enableWebhook(session: Session, id: string): Promise<void> {
  await session.query(
    `UPDATE "portolan"."webhook" SET "disabledAt" = NULL, "disabledReason" = NULL, "failingSince" = NULL WHERE "id" = $1::uuid`,
    [id],
  );
}

/** @param reason undefined: by a user @returns whether it was enabled */
export async function disableWebhook(session: Session, id: string, reason?: string): Promise<boolean> {
  const { rowCount } = await session.query(
    `UPDATE "portolan"."webhook" SET "disabledAt" = now(), "disabledReason" = $2 WHERE "id" = $1::uuid AND "disabledAt" IS NULL`,
    [id, reason ?? null],
  );
  return rowCount === 1;
}

/** @param succeeded of the last attempt @returns for how many milliseconds every attempt has failed */
export async function noteOutcome(session: Session, id: string, succeeded: boolean): Promise<number> {
  const { rows } = await session.query(
    `UPDATE "portolan"."webhook" SET "failingSince" = CASE WHEN $2::boolean THEN NULL ELSE coalesce("failingSince", now()) END
WHERE "id" = $1::uuid AND NOT ($2::boolean AND "failingSince" IS NULL)
RETURNING coalesce(extract(epoch FROM now() - "failingSince") * 1000, 0)`,
    [id, succeeded],
    { name: 'webhook_outcome' },
  );
  return Number(rows[0]?.[0] ?? 0);
}

export async function countWebhooks(session: Session, userId: string): Promise<number> {
  const { rows } = await session.query(
    `SELECT count(*) FROM "portolan"."webhook" WHERE "userId" = $1::uuid`,
    [userId],
  );
  return Number(rows[0]![0]);
}

function toWebhook(row: RawRow): Webhook {
  const [id, userId, keyId, name, url, events, fields, scopes, ...times] = row;
  const [createdAt, failingSince, disabledAt, reason] = times;
  return {
    id: id!,
    userId: userId!,
    keyId: keyId ?? null,
    name: name!,
    url: url!,
    events: JSON.parse(events!),
    fields: JSON.parse(fields!),
    scopes: JSON.parse(scopes!),
    createdAt: toIso(createdAt)!,
    failingSince: toIso(failingSince),
    disabledAt: toIso(disabledAt),
    disabledReason: reason ?? null,
  };
}

const toIso = (json: string | null | undefined): string | null =>
  json == null ? null : new Date(JSON.parse(json)).toISOString();
