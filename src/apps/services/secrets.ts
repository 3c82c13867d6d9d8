// The secrets of confidential apps: several at a time, so that a new one can take over before the old one ends.

import type { Audit } from '../../audit/create-audit.ts';
import { type Fault, fault } from '../../base/errors.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { lockApp } from '../../platform/tables/oauth-apps.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { createRequireReach } from './app-reach.ts';
import { unknownApp } from './app-rules.ts';
import { noteOf } from './app-states.ts';
import { type AppView, liveAt, type SecretView } from './app-view.ts';
import type { Manager } from './manager.ts';
import type { Registry } from './registry.ts';
import { makeStoredSecret } from './stored-secret.ts';

interface SecretDraft {
  /** When the new one ends; undefined or null: never. */
  readonly expiresAt?: Date | null;
  /** When those that are there end, which is how a secret is rotated; undefined: as before. */
  readonly othersExpireAt?: Date;
}

/** `secret` is the only copy there will ever be. */
export interface CreatedSecret extends SecretView {
  readonly secret: string;
}

export interface Secrets {
  /** @throws NOT_FOUND for the app, INVALID_VALUE, CONFLICT for a public app, a plugin's, or one with five, SCOPE_MISSING */
  create(manager: Manager, appId: string, draft?: SecretDraft): Promise<CreatedSecret>;
  /** Refused from now on, on every instance within a second, and so are tokens that the app got for itself with it. @throws NOT_FOUND */
  remove(manager: Manager, appId: string, id: string): Promise<void>;
}

export interface SecretsParts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly registry: Pick<Registry, 'find'>;
  readonly knownScopes: readonly string[];
}

const liveMax = 5;

export function createSecrets({ prisma, safestore, audit, registry, knownScopes }: SecretsParts): Secrets {
  const note = noteOf(audit);
  const requireReach = createRequireReach({ prisma, knownScopes });

  async function create(manager: Manager, appId: string, draft: SecretDraft = {}): Promise<CreatedSecret> {
    const app = await registry.find(manager, appId);
    await requireSecretOf(manager, app);
    const expiresAt = checkExpiry('expiresAt', draft.expiresAt ?? undefined) ?? null;
    const othersExpireAt = checkExpiry('othersExpireAt', draft.othersExpireAt);
    const made = await makeStoredSecret(safestore, { appId, ownerId: app.owner.id, recoverable: false });
    const stored = await store({ ...made.row, expiresAt }, othersExpireAt);
    await note(manager, 'app.secret-created', app, { lastFour: stored.lastFour, expiresAt, othersExpireAt });
    return { ...stored, secret: made.secret };
  }

  /** @throws CONFLICT, SCOPE_MISSING */
  async function requireSecretOf(manager: Manager, app: AppView): Promise<void> {
    if (app.kind === 'plugin') throw fault('CONFLICT', 'The server manages the secrets of plugins.');
    if (!app.confidential) throw fault('CONFLICT', 'A public app has no secrets: it uses PKCE.');
    await requireReach(manager, app);
  }

  /** Counted under a lock on the app: two requests at once could make one too many. */
  const store = (row: Row & { expiresAt: Date | null }, othersExpireAt: Date | undefined) =>
    prisma.$transaction(async transaction => {
      if (!(await lockApp(transaction, row.appId))) throw unknownApp(row.appId);
      const live = { appId: row.appId, ...liveAt(new Date()) };
      if ((await transaction.appSecret.count({ where: live })) >= liveMax) throw tooMany();
      if (othersExpireAt)
        await transaction.appSecret.updateMany({
          where: { ...live, OR: [{ expiresAt: null }, { expiresAt: { gt: othersExpireAt } }] },
          data: { expiresAt: othersExpireAt },
        });
      return transaction.appSecret.create({ data: row, select: shown });
    });

  async function remove(manager: Manager, appId: string, id: string): Promise<void> {
    const app = await registry.find(manager, appId);
    if (app.kind === 'plugin') throw fault('CONFLICT', 'The server manages the secrets of plugins.');
    const secret = app.secrets.find(one => one.id === id);
    if (!secret) throw unknownSecret();
    await prisma.appSecret.updateMany({ where: { id, appId }, data: { revokedAt: new Date() } });
    await note(manager, 'app.secret-removed', app, { lastFour: secret.lastFour });
  }

  return { create, remove };
}

type Row = Awaited<ReturnType<typeof makeStoredSecret>>['row'];

const shown = { id: true, lastFour: true, createdAt: true, lastUsedAt: true, expiresAt: true } as const;

function checkExpiry(target: string, time: Date | undefined): Date | undefined {
  if (time === undefined || time.getTime() > Date.now()) return time;
  throw fault('INVALID_VALUE', 'The expiry must be a time in the future.', { target });
}

const tooMany = (): Fault =>
  fault('CONFLICT', `An app has at most ${liveMax} secrets.`, {
    hint: 'Revoke an unused secret.',
  });

const unknownSecret = (): Fault => fault('NOT_FOUND', 'The app has no such secret.', { target: 'id' });
