// The first administrator's key has every scope. When a field is restricted later, a new scope appears that no existing key
// has, so a key with it could be created only at the command line. Therefore the first key gets new scopes at each start.

import type { Audit } from '../audit/create-audit.ts';
import type { Logger } from '../base/log.ts';
import type { PrismaClient } from '../platform/prisma.ts';

export interface FirstKeyDeps {
  readonly prisma: PrismaClient;
  readonly auth: { readonly audit: Pick<Audit, 'record'> };
  readonly catalog: { readonly scopes: readonly string[] };
  readonly log: Logger;
}

/** The stored record of the first start. */
interface FirstStartFacts {
  readonly userId: string;
  readonly at: string;
  /** Absent when an earlier version wrote the record. */
  readonly keyId?: string;
  /** The catalog's scopes when the record was last updated. */
  readonly scopes?: readonly string[];
}

/** Gives the first key, or the keys that replaced it, the scopes added to the catalog since the last start. */
export async function widenFirstKey(deps: FirstKeyDeps, setting: string): Promise<void> {
  const { prisma, catalog, auth, log } = deps;
  const row = await prisma.setting.findUnique({ where: { name: setting } });
  const facts = row?.value as unknown as FirstStartFacts | undefined;
  if (!facts?.userId) return;
  const first = await findFirstKey(deps, facts);
  const before = facts.scopes ?? first?.scopes ?? [];
  const known = before.filter(scope => catalog.scopes.includes(scope));
  const added = catalog.scopes.filter(scope => !known.includes(scope));
  if (added.length === 0 || !first) return;
  for (const { id, userId, scopes } of await successors(deps, first.id, known)) {
    await prisma.apiKey.update({
      where: { id },
      data: { scopes: [...new Set([...scopes, ...added])].sort() },
    });
    log.info({ keyId: id, scopes: added }, 'the first key got the new scopes');
    await auth.audit.record({ kind: 'key.changed', userId, subject: id, details: { added } });
  }
  const value = { ...facts, keyId: first.id, scopes: [...catalog.scopes] };
  await prisma.setting.update({ where: { name: setting }, data: { value } });
}

const findFirstKey = ({ prisma }: FirstKeyDeps, { userId, keyId }: FirstStartFacts) =>
  prisma.apiKey.findFirst({
    where: keyId === undefined ? { userId, name: 'First key', replaces: null } : { id: keyId },
    orderBy: { createdAt: 'asc' },
    select: { id: true, scopes: true },
  });

/**
 * @returns the first key and its successive replacements, except keys that are revoked, belong to an app or to a user who is
 * no administrator, or lack one of the known scopes
 */
async function successors({ prisma }: FirstKeyDeps, firstId: string, known: readonly string[]) {
  const found = [];
  for (let id: string | undefined = firstId; id !== undefined; ) {
    const key = await prisma.apiKey.findUnique({ where: { id }, include: { user: true } });
    if (key && hasAllScopes(key, known)) found.push(key);
    id = (await prisma.apiKey.findFirst({ where: { replaces: id }, select: { id: true } }))?.id;
  }
  return found;
}

interface Successor {
  readonly scopes: readonly string[];
  readonly appId: string | null;
  readonly revokedAt: Date | null;
  readonly user: { readonly role: string | null };
}

const hasAllScopes = ({ scopes, appId, revokedAt, user }: Successor, known: readonly string[]): boolean =>
  revokedAt === null &&
  appId === null &&
  user.role === 'administrator' &&
  known.every(scope => scopes.includes(scope));
