// Apps of plugins: made by the server, with a secret that is put into the plugin's environment at each start.

import type { Audit } from '../../audit/create-audit.ts';
import { parseScopes } from '../../auth/scopes/scopes.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { liveAt } from './app-view.ts';
import { makeClientId } from './client-id.ts';
import { checkName } from './fields.ts';
import { makeStoredSecret, secretPlace } from './stored-secret.ts';

interface PluginDraft {
  /** Which plugin: there is one app for each name. */
  readonly name: string;
  /** What it may do: never more than its owner. */
  readonly scopes: readonly string[];
  /** The user for whom it acts: an administrator, or a user created for it. */
  readonly ownerId: string;
}

interface PluginCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Plugins {
  /**
   * Makes the plugin's app, or brings it up to date.
   * @returns the same at each start, on every instance
   * @throws INVALID_VALUE, SealFault where a stored secret does not open
   */
  ensure(draft: PluginDraft): Promise<PluginCredentials>;
}

export interface PluginsParts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly knownScopes: readonly string[];
}

export const createPlugins = (deps: PluginsParts): Plugins => new PluginService(deps);

class PluginService implements Plugins {
  readonly #deps: PluginsParts;

  constructor(deps: PluginsParts) {
    this.#deps = deps;
  }

  async ensure({ ownerId, ...draft }: PluginDraft): Promise<PluginCredentials> {
    const { knownScopes, safestore, audit } = this.#deps;
    const name = checkName(draft.name);
    const scopes = parseScopes(draft.scopes, knownScopes);
    const known = await findPlugin(this.#deps.prisma, name, ownerId);
    if (known) return this.#bringUpToDate(known, scopes);
    const clientId = makeClientId();
    const made = await makeStoredSecret(safestore, { appId: clientId, ownerId, recoverable: true });
    const app = { id: clientId, kind: 'plugin' as const, ownerId, name, scopes };
    const row = { ...app, confidential: true, clientCredentials: true, redirectUris: [] };
    if (!(await this.#store(row, made.row))) return this.ensure({ ownerId, ...draft });
    await audit.record({
      kind: 'app.created',
      userId: ownerId,
      subject: clientId,
      details: { name, scopes },
    });
    return { clientId, clientSecret: made.secret };
  }

  async #bringUpToDate(
    { id, ownerId, secrets, ...app }: NonNullable<Awaited<ReturnType<typeof findPlugin>>>,
    scopes: string[],
  ): Promise<PluginCredentials> {
    const { prisma, safestore } = this.#deps;
    if (app.scopes.join(' ') !== scopes.join(' '))
      await prisma.oauthApp.update({ where: { id }, data: { scopes } });
    const [secret] = secrets;
    if (secret) {
      const opened = await safestore.open(secretPlace(ownerId, secret.id), Buffer.from(secret.sealed));
      return { clientId: id, clientSecret: opened.toString() };
    }
    const made = await makeStoredSecret(safestore, { appId: id, ownerId, recoverable: true });
    await prisma.appSecret.create({ data: made.row });
    return { clientId: id, clientSecret: made.secret };
  }

  /** @returns false where another instance made it meanwhile */
  #store(app: AppRow, secret: SecretRow): Promise<boolean> {
    return this.#deps.prisma.$transaction(async transaction => {
      const { name, ownerId } = app;
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`portolan plugin ${ownerId} ${name}`}))`;
      if (await transaction.oauthApp.findFirst({ where: { kind: 'plugin', name, ownerId } })) return false;
      await transaction.oauthApp.create({ data: app });
      await transaction.appSecret.create({ data: secret });
      return true;
    });
  }
}

const findPlugin = (prisma: PrismaClient, name: string, ownerId: string) =>
  prisma.oauthApp.findFirst({
    where: { kind: 'plugin', name, ownerId },
    orderBy: { createdAt: 'asc' },
    select: {
      id: true,
      ownerId: true,
      scopes: true,
      secrets: {
        where: { recoverable: true, ...liveAt(new Date()) },
        orderBy: { createdAt: 'desc' },
        take: 1,
      },
    },
  });

type SecretRow = Awaited<ReturnType<typeof makeStoredSecret>>['row'];
type AppRow = Parameters<PrismaClient['oauthApp']['create']>[0]['data'] & { name: string; ownerId: string };
