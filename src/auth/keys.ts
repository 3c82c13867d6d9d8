// Making, listing and revoking API keys.

import { fault } from '../base/errors.ts';
import type { PrismaClient } from '../base/prisma.ts';
import type { Safestore } from '../safestore/safestore.ts';
import { isKeyId, makeApiKey } from './api-key.ts';
import type { Principal } from './principal.ts';
import { ownedScopes } from './roles.ts';
import { parseScopes, requireScopes } from './scopes.ts';
import { keyPlace, toRow } from './sealed-key.ts';

/** Whose key it becomes. */
type Owner = { readonly userId: string } | { readonly email: string };

export type NewKey = Owner & {
  /** 1 to 100 characters. */
  readonly name: string;
  readonly scopes: string | readonly string[];
  /** null or undefined: never. */
  readonly expiresAt?: Date | null;
};

/** What may be shown of a key. */
export interface KeySummary {
  readonly id: string;
  readonly name: string;
  /** The e-mail address of its owner. */
  readonly owner: string;
  readonly lastFour: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: Date | null;
}

/** A key that was just made. `key` is the only copy there will ever be. */
export type CreatedKey = Pick<KeySummary, 'id' | 'name' | 'owner' | 'scopes' | 'expiresAt'> & {
  readonly key: string;
};

export interface Keys {
  /**
   * @param creator who asks, where it is not the server itself: nobody hands out more than they have
   * @throws INVALID_VALUE, NOT_FOUND for the owner, SCOPE_MISSING for scopes that owner or creator do not have
   */
  create(wanted: NewKey, creator?: Pick<Principal, 'scopes'>): Promise<CreatedKey>;
  /** @returns all keys, oldest first, revoked ones too */
  list(): Promise<KeySummary[]>;
  /** Dead here at once, on every other instance within a second. Revoking twice changes nothing. @throws NOT_FOUND */
  revoke(id: string): Promise<void>;
  /** Seals anew whatever an older pepper or user key sealed. @returns the number of keys that needed it */
  rewrap(): Promise<number>;
}

interface Parts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly knownScopes: readonly string[];
  /** Told of each revoked id. */
  readonly onRevoke: (id: string) => void;
}

const nameLengthMax = 100;

export function createKeys({ prisma, safestore, knownScopes, onRevoke }: Parts): Keys {
  async function create(wanted: NewKey, creator?: Pick<Principal, 'scopes'>): Promise<CreatedKey> {
    const name = checkName(wanted.name);
    const scopes = parseScopes(wanted.scopes, knownScopes);
    const expiresAt = checkExpiry(wanted.expiresAt ?? undefined);
    if (creator) requireScopes(creator.scopes, scopes, 'Your own key');
    const owner = await findOwner(prisma, wanted);
    requireScopes(new Set(ownedScopes(owner, knownScopes)), scopes, `The owner ${owner.email}`);
    const made = makeApiKey();
    const data = await toRow(safestore, made, { userId: owner.id, name, scopes, expiresAt });
    await prisma.apiKey.create({ data });
    return { ...made, name, owner: owner.email, scopes, expiresAt: expiresAt ?? null };
  }

  async function list(): Promise<KeySummary[]> {
    const rows = await prisma.apiKey.findMany({
      omit: { sealed: true, userId: true },
      include: { user: { select: { email: true } } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(({ user, ...row }) => ({ ...row, owner: user.email }));
  }

  async function revoke(id: string): Promise<void> {
    if (!isKeyId(id)) throw unknownKey(id);
    const data = { revokedAt: new Date() };
    const { count } = await prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data });
    onRevoke(id);
    if (count > 0 || (await prisma.apiKey.findUnique({ where: { id }, select: { id: true } }))) return;
    throw unknownKey(id);
  }

  async function rewrap(): Promise<number> {
    const ids = await prisma.apiKey.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    let count = 0;
    for (const { id } of ids) if (await rewrapOne(id)) count++;
    return count;
  }

  async function rewrapOne(id: string): Promise<boolean> {
    const row = await prisma.apiKey.findUnique({ where: { id }, select: { userId: true, sealed: true } });
    if (!row) return false;
    const [place, sealed] = [keyPlace(row.userId, id), Buffer.from(row.sealed)];
    if (!(await safestore.needsRewrap(place, sealed))) return false;
    const fresh = Uint8Array.from(await safestore.rewrap(place, sealed));
    // Only over what was read: another instance may be at it as well.
    const { count } = await prisma.apiKey.updateMany({
      where: { id, sealed: row.sealed },
      data: { sealed: fresh },
    });
    return count > 0;
  }

  return { create, list, revoke, rewrap };
}

const unknownKey = (id: string) =>
  fault('NOT_FOUND', `There is no API key ${id.slice(0, 40)}.`, {
    target: 'id',
    hint: 'The id is the part between pk_ and the next _.',
  });

function checkName(name: string): string {
  const trimmed = name.trim();
  // Names are printed on terminals: no line breaks, no escape sequences.
  if (trimmed !== '' && trimmed.length <= nameLengthMax && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw fault('INVALID_VALUE', `A key's name has 1 to ${nameLengthMax} characters on one line.`, {
    target: 'name',
  });
}

function checkExpiry(expiresAt: Date | undefined): Date | undefined {
  if (expiresAt === undefined || expiresAt.getTime() > Date.now()) return expiresAt;
  throw fault('INVALID_VALUE', 'The expiry is not a time in the future.', { target: 'expiresAt' });
}

async function findOwner(prisma: PrismaClient, wanted: Owner) {
  const where = 'userId' in wanted ? { id: wanted.userId } : { email: wanted.email.trim().toLowerCase() };
  const owner = await prisma.user.findUnique({ where });
  if (!owner) throw fault('NOT_FOUND', 'There is no user with this e-mail address.', { target: 'owner' });
  if (owner.disabledAt)
    throw fault('INVALID_VALUE', `The user ${owner.email} is disabled.`, { target: 'owner' });
  return owner;
}
