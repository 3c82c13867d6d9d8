// Apps as the authorization server sees them: who they are, where their users may be sent, and whether a secret fits.

import { randomBytes } from 'node:crypto';
import { ownedScopes, type Role } from '../../auth/scopes/roles.ts';
import type { Logger } from '../../base/log.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { findActiveApp, findActiveSecrets } from '../../platform/tables/oauth-apps.ts';
import type { Peppers } from '../../safestore/peppers.ts';
import { createSafestore, type Safestore } from '../../safestore/safestore.ts';
import { fixedUserKey } from '../../safestore/user-keys.ts';
import { logoPath } from './app-view.ts';
import { hashAppSecret, isClientId } from './client-id.ts';
import { fitsSecret, type StoredSecret, secretPlace } from './stored-secret.ts';

/** An app that may ask for tokens now. */
export interface Client {
  readonly id: string;
  readonly kind: 'developer' | 'plugin';
  readonly name: string;
  readonly description: string | null;
  readonly ownerId: string;
  readonly redirectUris: readonly string[];
  /** The most that it may ask for. */
  readonly scopes: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
  readonly homePage: string | null;
  /** A path of this server. */
  readonly logoPath: string | null;
  /** The developer's name. */
  readonly developer: string | null;
  readonly createdAt: Date;
}

export interface Clients {
  /** Read anew each time. @returns undefined for an unknown app, a disabled one, and that of a disabled owner */
  find(id: string): Promise<Client | undefined>;
  /** @returns the id of the secret that fits. It takes the same time for an unknown app as for a wrong secret. */
  matchSecret(id: string, presented: string): Promise<string | undefined>;
  verifySecret(id: string, presented: string): Promise<boolean>;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

export interface ClientsParts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly peppers: Peppers;
  readonly log: Logger;
  readonly knownScopes: readonly string[];
}

// One statement each, whether it finds an app or not: with several, an unknown app would be answered sooner.
interface ClientRow extends Omit<Client, 'logoPath'> {
  readonly logoType: string | null;
  readonly updatedAt: Date;
  readonly role: Role | null;
  readonly ownerScopes: readonly string[];
}

/** The last use of a secret is written at most this often. */
const usedEveryMs = 60_000;
const secretLengthMax = 200;

export const createClients = (deps: ClientsParts): Clients => new ClientService(deps);

class ClientService implements Clients {
  readonly #deps: ClientsParts;
  readonly #decoy;
  readonly #writing = new Set<Promise<unknown>>();

  constructor(deps: ClientsParts) {
    this.#deps = deps;
    this.#decoy = createDecoy(deps.peppers);
  }

  async find(id: string): Promise<Client | undefined> {
    const { prisma, knownScopes } = this.#deps;
    if (!isClientId(id)) return undefined;
    const row = await findActiveApp<ClientRow>(prisma, id);
    if (!row) return undefined;
    const { role, ownerScopes, logoType, updatedAt, ...rest } = row;
    // Who was an administrator when the app was made may be none today.
    const mayAdmin = ownedScopes({ role, scopes: ownerScopes }, knownScopes).includes('admin');
    return Object.freeze({
      ...rest,
      scopes: row.scopes.filter(scope => scope !== 'admin' || mayAdmin),
      logoPath: logoType === null ? null : logoPath({ id, updatedAt }),
    });
  }

  async matchSecret(id: string, presented: string): Promise<string | undefined> {
    const { log, safestore } = this.#deps;
    const asked = presented.length <= secretLengthMax ? presented : '';
    const known = isClientId(id) ? await findActiveSecrets<StoredSecret>(this.#deps.prisma, id) : [];
    if (known.length === 0) {
      const stored = await this.#decoy.stored;
      await fitsSecret(this.#decoy.safestore, stored, asked, log);
      return undefined;
    }
    const fitting = await Promise.all(known.map(stored => fitsSecret(safestore, stored, asked, log)));
    const used = known[fitting.indexOf(true)];
    if (used) this.#noteUse(used.id);
    return used?.id;
  }

  async verifySecret(id: string, presented: string): Promise<boolean> {
    return (await this.matchSecret(id, presented)) !== undefined;
  }

  #noteUse(id: string): void {
    const { prisma, log } = this.#deps;
    const now = Date.now();
    const longAgo = { lt: new Date(now - usedEveryMs) };
    const written = prisma.appSecret
      .updateMany({
        where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: longAgo }] },
        data: { lastUsedAt: new Date(now) },
      })
      .catch(error => log.warn({ err: error }, 'the last use of an app secret could not be stored'))
      .finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }
}

/** A secret like any other that nothing fits, and whose user key lives in memory. */
function createDecoy(peppers: Peppers) {
  const [id, ownerId] = ['decoy', 'decoy'];
  const safestore = createSafestore({ peppers, userKeys: fixedUserKey() });
  const sealed = safestore.seal(secretPlace(ownerId, id), hashAppSecret(randomBytes(32).toString('hex')));
  const stored = sealed.then((bytes): StoredSecret => ({ id, ownerId, sealed: bytes, recoverable: false }));
  return { safestore, stored };
}
