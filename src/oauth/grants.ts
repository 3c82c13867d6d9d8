// Users' grants to apps, as the authorization server needs them, read from the rows behind "Connected apps".

import { randomBytes } from 'node:crypto';
import type { Grants as AppGrants } from '../apps/services/grants.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Database } from '../base/database/database.ts';
import { findGrant, findGrantFor, type StoredGrant as Grant } from '../platform/tables/app-grants.ts';

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

export const createGrants = (database: Database, appGrants: Pick<AppGrants, 'record'>): Grants => ({
  find: id => findGrant(database, id),
  findFor: (userId, appId) => findGrantFor(database, userId, appId),
  async allow({ userId, appId, allowed, refused, redirectUri }, by) {
    const before = await findGrantFor(database, userId, appId);
    const kept = before?.scopes.filter(scope => !refused.includes(scope)) ?? [];
    const scopes = [...new Set([...kept, ...allowed])];
    const id = before?.id ?? newId();
    await appGrants.record({ id, userId, appId, scopes, redirectUri }, by);
  },
});

/** Not secret: it is never used as a credential. */
const newId = (): string => randomBytes(24).toString('base64url');
