// What users allowed apps to do: "connected apps".

import type { Audit } from '../../audit/create-audit.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { Prisma } from '../../platform/generated/client/client.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { revokeKeysMadeBy } from '../../platform/tables/api-keys.ts';
import { removeArtifactsOfGrants } from '../../platform/tables/oauth-artifacts.ts';
import { logoPath } from './app-view.ts';
import { isClientId } from './client-id.ts';
import { by, isUserId, type Manager, manages, ownUserId } from './manager.ts';

export interface GrantView {
  readonly id: string;
  readonly app: GrantedApp;
  readonly user: { readonly id: string; readonly email: string };
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  /** When its scopes last changed. */
  readonly updatedAt: Date;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
}

interface GrantedApp {
  readonly id: string;
  readonly name: string;
  readonly homePage: string | null;
  readonly logoPath: string | null;
  readonly developer: string | null;
  readonly disabledAt: Date | null;
}

interface GrantFilter {
  readonly userId?: string;
  readonly appId?: string;
}

/** What a user consented to. */
interface GrantRecord {
  /** A hash of the grant's id in the authorization server. */
  readonly id: string;
  readonly userId: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  /** Where the user agreed to be sent. */
  readonly redirectUri: string;
}

export interface PastGrants {
  /** What the user allows the app already, of all grants together. */
  readonly scopes: readonly string[];
  /** Whether nobody has ever allowed it anything. */
  readonly isNew: boolean;
}

export interface Grants {
  /** @returns those in force, the last used first: those of others only to who manages everybody; at most 500 */
  list(manager: Manager, filter?: GrantFilter): Promise<GrantView[]>;
  /** Ends its tokens on every instance within a second. @throws NOT_FOUND, also for what belongs to others */
  revoke(manager: Manager, id: string): Promise<void>;
  /** All that a user ever allowed an app. @returns how many grants ended @throws NOT_FOUND for none */
  disconnect(manager: Manager, appId: string, userId?: string): Promise<number>;
  /** For the authorization server: what a user has just allowed, for the first time or again. */
  record(grant: GrantRecord, by?: Pick<AuditEvent, 'principal' | 'request'>): Promise<void>;
  /** For the authorization server: a revoked grant, such as one whose code was used twice. */
  end(id: string, more?: { readonly reason?: string; readonly request?: Incoming }): Promise<void>;
  past(grant: Pick<GrantRecord, 'userId' | 'appId'>): Promise<PastGrants>;
}

export interface GrantsParts {
  readonly prisma: PrismaClient;
  readonly audit: Pick<Audit, 'record'>;
}

const listMax = 500;

type EndedGrant = Pick<GrantRecord, 'id' | 'userId' | 'appId'>;

export const createGrants = (deps: GrantsParts): Grants => new GrantService(deps);

class GrantService implements Grants {
  readonly #deps: GrantsParts;

  constructor(deps: GrantsParts) {
    this.#deps = deps;
  }

  async list(manager: Manager, filter: GrantFilter = {}): Promise<GrantView[]> {
    const own = manager.everybody ? filter.userId : ownUserId(manager);
    if (filter.userId !== undefined && filter.userId !== own) return [];
    if (own !== undefined && !isUserId(own)) return [];
    if (filter.appId !== undefined && !isClientId(filter.appId)) return [];
    const rows = await this.#deps.prisma.appGrant.findMany({
      where: { revokedAt: null, userId: own, appId: filter.appId },
      orderBy: [{ lastUsedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }, { id: 'asc' }],
      take: listMax,
      ...viewed,
    });
    return rows.map(toView);
  }

  async revoke(manager: Manager, id: string): Promise<void> {
    const known = /^[\w-]{1,100}$/.test(id);
    const grant = known && (await this.#deps.prisma.appGrant.findUnique({ where: { id, revokedAt: null } }));
    if (!grant || !manages(manager, grant.userId)) throw unknownGrant();
    await this.#endAll([grant], 'revoked', by(manager));
  }

  async disconnect(manager: Manager, appId: string, whose?: string): Promise<number> {
    const userId = whose ?? ownUserId(manager);
    const where = { appId, userId, revokedAt: null };
    const known = manages(manager, userId) && isClientId(appId);
    const grants = known ? await this.#deps.prisma.appGrant.findMany({ where }) : [];
    if (grants.length === 0) throw unknownGrant();
    await this.#endAll(grants, 'revoked', by(manager));
    return grants.length;
  }

  async record(
    { id, userId, appId, scopes, redirectUri }: GrantRecord,
    who: Pick<AuditEvent, 'principal' | 'request'> = {},
  ): Promise<void> {
    const { prisma, audit } = this.#deps;
    const known = await prisma.appGrant.findUnique({ where: { id }, select: { redirectUris: true } });
    const data = { scopes: [...scopes].sort() };
    const added = known?.redirectUris.includes(redirectUri) ? {} : { redirectUris: { push: redirectUri } };
    await prisma.appGrant.upsert({
      where: { id },
      create: { id, userId, appId, ...data, redirectUris: [redirectUri] },
      update: { ...data, ...added },
    });
    const kind = known ? 'grant.changed' : 'grant.created';
    await audit.record({ kind, userId, subject: id, details: { appId, ...data }, ...who });
  }

  async end(id: string, { reason = 'ended', request }: { reason?: string; request?: Incoming } = {}) {
    const { prisma } = this.#deps;
    const grant = await prisma.appGrant.findUnique({ where: { id } });
    if (grant && grant.revokedAt === null) await this.#endAll([grant], reason, { request });
    else await prisma.$transaction(this.#endings([id]));
  }

  async #endAll(grants: readonly EndedGrant[], reason: string, who: Parameters<typeof by>[0] | object) {
    const { prisma, audit } = this.#deps;
    await prisma.$transaction(this.#endings(grants.map(({ id }) => id)));
    for (const { id, userId, appId } of grants)
      await audit.record({ kind: 'grant.revoked', userId, subject: id, details: { appId, reason }, ...who });
  }

  /** The access tokens and what was made with them die with the grant; codes and refresh tokens are deleted, since nothing needs them any more. */
  #endings(ids: string[]) {
    return [
      this.#deps.prisma.appGrant.updateMany({
        where: { id: { in: ids }, revokedAt: null },
        data: { revokedAt: new Date() },
      }),
      revokeKeysMadeBy(this.#deps.prisma, { grantIds: ids }),
      removeArtifactsOfGrants(this.#deps.prisma, ids),
    ];
  }

  async past({ userId, appId }: Pick<GrantRecord, 'userId' | 'appId'>): Promise<PastGrants> {
    const { prisma } = this.#deps;
    const [own, any] = await Promise.all([
      prisma.appGrant.findMany({ where: { userId, appId, revokedAt: null }, select: { scopes: true } }),
      prisma.appGrant.findFirst({ where: { appId }, select: { id: true } }),
    ]);
    return { scopes: [...new Set(own.flatMap(({ scopes }) => scopes))].sort(), isNew: any === null };
  }
}

const viewed = {
  include: {
    user: { select: { id: true, email: true } },
    app: {
      select: {
        id: true,
        name: true,
        homePage: true,
        logoType: true,
        disabledAt: true,
        updatedAt: true,
        owner: { select: { developer: { select: { name: true } } } },
      },
    },
  },
} satisfies Prisma.AppGrantDefaultArgs;

function toView({ app, ...grant }: Prisma.AppGrantGetPayload<typeof viewed>): GrantView {
  const { id, user, scopes, createdAt, updatedAt, lastUsedAt, lastUsedIp } = grant;
  const { owner, logoType, updatedAt: changedAt, ...rest } = app;
  const granted: GrantedApp = {
    ...rest,
    logoPath: logoType === null ? null : logoPath({ id: app.id, updatedAt: changedAt }),
    developer: owner.developer?.name ?? null,
  };
  return { id, app: granted, user, scopes, createdAt, updatedAt, lastUsedAt, lastUsedIp };
}

const unknownGrant = () => fault('NOT_FOUND', 'There is no such grant.', { target: 'id' });
