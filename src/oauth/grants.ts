// Users' grants to apps, as the authorization server needs them, read from the rows behind "Connected apps".

import { randomBytes } from 'node:crypto';
import type { Grants as AppGrants } from '../apps/services/grants.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Database, RawRow } from '../base/database/database.ts';

export interface Grant {
  readonly id: string;
  readonly userId: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  /** The redirect URIs that the user has agreed to. */
  readonly redirectUris: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

interface Decision {
  readonly userId: string;
  readonly appId: string;
  readonly allowed: readonly string[];
  /** Scopes that the app requested and the user did not allow; any earlier grant of them ends. */
  readonly refused: readonly string[];
  /** The redirect URI shown to the user. */
  readonly redirectUri: string;
}

export interface Grants {
  /** @returns undefined also for a revoked grant */
  find(id: string): Promise<Grant | undefined>;
  findFor(userId: string, appId: string): Promise<Grant | undefined>;
  /** Adds to the user's grant for this app, or creates one. */
  allow(decision: Decision, by: Pick<AuditEvent, 'principal' | 'request'>): Promise<void>;
}

const columns = `"id", "userId", "appId", array_to_json("scopes"), array_to_json("redirectUris"),
  extract(epoch FROM "createdAt") * 1000`;
const findText = `SELECT ${columns} FROM "portolan"."app_grant" WHERE "id" = $1 AND "revokedAt" IS NULL`;

const findForText = `
SELECT ${columns} FROM "portolan"."app_grant" WHERE "userId" = $1::uuid AND "appId" = $2 AND "revokedAt" IS NULL
ORDER BY "createdAt", "id" LIMIT 1`;

export function createGrants(database: Database, appGrants: Pick<AppGrants, 'record'>): Grants {
  async function findFor(userId: string, appId: string): Promise<Grant | undefined> {
    const { rows } = await database.query(findForText, [userId, appId], { name: 'oauth_find_grant_for' });
    return rows[0] && toGrant(rows[0]);
  }

  return {
    findFor,
    async find(id) {
      const { rows } = await database.query(findText, [id], { name: 'oauth_find_grant' });
      return rows[0] && toGrant(rows[0]);
    },
    async allow({ userId, appId, allowed, refused, redirectUri }, by) {
      const before = await findFor(userId, appId);
      const kept = before?.scopes.filter(scope => !refused.includes(scope)) ?? [];
      const scopes = [...new Set([...kept, ...allowed])];
      const id = before?.id ?? newId();
      await appGrants.record({ id, userId, appId, scopes, redirectUri }, by);
    },
  };
}

/** Not secret: it is never used as a credential. */
const newId = (): string => randomBytes(24).toString('base64url');

const toGrant = ([id, userId, appId, scopes, redirectUris, createdAt]: RawRow): Grant => ({
  id: id!,
  userId: userId!,
  appId: appId!,
  scopes: JSON.parse(scopes!),
  redirectUris: JSON.parse(redirectUris ?? '[]'),
  createdAt: Number(createdAt),
});
