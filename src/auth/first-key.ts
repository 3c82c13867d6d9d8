// The first administrator's key may do everything, and everything becomes more: a field may be restricted later. Nobody
// could make a key for it then, save at the command line, since no key that is there has the scope.

import type { Audit } from '../audit/create-audit.ts';
import type { Logger } from '../base/log.ts';
import type { PrismaClient } from '../platform/prisma.ts';

export interface FirstKeyParts {
  readonly prisma: PrismaClient;
  readonly auth: { readonly audit: Pick<Audit, 'record'> };
  readonly catalog: { readonly scopes: readonly string[] };
  readonly log: Logger;
}

/** What is written down of the first start. */
interface FirstStartFacts {
  readonly userId: string;
  readonly at: string;
  /** Absent where an earlier version wrote it. */
  readonly keyId?: string;
  /** The catalog's scopes when it was last brought up to date. */
  readonly scopes?: readonly string[];
}

/** Gives the key, or what took its place, the scopes that the catalog has gained since the last start. */
export async function widenFirstKey(parts: FirstKeyParts, setting: string): Promise<void> {
  const { prisma, catalog, auth, log } = parts;
  const row = await prisma.setting.findUnique({ where: { name: setting } });
  const facts = row?.value as unknown as FirstStartFacts | undefined;
  if (!facts?.userId) return;
  const first = await findFirstKey(parts, facts);
  const before = facts.scopes ?? first?.scopes ?? [];
  const known = before.filter(scope => catalog.scopes.includes(scope));
  const added = catalog.scopes.filter(scope => !known.includes(scope));
  if (added.length === 0 || !first) return;
  for (const { id, userId, scopes } of await heirs(parts, first.id, known)) {
    await prisma.apiKey.update({
      where: { id },
      data: { scopes: [...new Set([...scopes, ...added])].sort() },
    });
    log.info({ keyId: id, scopes: added }, 'the first key may do what is new');
    await auth.audit.record({ kind: 'key.changed', userId, subject: id, details: { added } });
  }
  const value = { ...facts, keyId: first.id, scopes: [...catalog.scopes] };
  await prisma.setting.update({ where: { name: setting }, data: { value } });
}

const findFirstKey = ({ prisma }: FirstKeyParts, { userId, keyId }: FirstStartFacts) =>
  prisma.apiKey.findFirst({
    where: keyId === undefined ? { userId, name: 'First key', replaces: null } : { id: keyId },
    orderBy: { createdAt: 'asc' },
    select: { id: true, scopes: true },
  });

/**
 * @returns the key and those that took its place one after the other, as far as they work, belong to an administrator and to
 * no app, and may do all that there was
 */
async function heirs({ prisma }: FirstKeyParts, firstId: string, known: readonly string[]) {
  const found = [];
  for (let id: string | undefined = firstId; id !== undefined; ) {
    const key = await prisma.apiKey.findUnique({ where: { id }, include: { user: true } });
    if (key && isWhole(key, known)) found.push(key);
    id = (await prisma.apiKey.findFirst({ where: { replaces: id }, select: { id: true } }))?.id;
  }
  return found;
}

interface Heir {
  readonly scopes: readonly string[];
  readonly appId: string | null;
  readonly revokedAt: Date | null;
  readonly user: { readonly role: string | null };
}

const isWhole = ({ scopes, appId, revokedAt, user }: Heir, known: readonly string[]): boolean =>
  revokedAt === null &&
  appId === null &&
  user.role === 'administrator' &&
  known.every(scope => scopes.includes(scope));
