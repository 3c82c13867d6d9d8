// Making, listing, rotating and revoking API keys.

import type { Audit } from '../../audit/create-audit.ts';
import { type Fault, fault } from '../../base/errors.ts';
import { isUuid } from '../../base/uuid.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { ownedScopes } from '../scopes/roles.ts';
import { effectiveScopes, parseScopes, requireScopes } from '../scopes/scopes.ts';
import { isKeyId, makeApiKey } from './api-key.ts';
import { checkExpiry, checkName, checkOverlap } from './checks.ts';
import { toOriginColumns } from './origin.ts';
import {
  type By,
  isItself,
  managesAll,
  mayChange,
  requireMayCreate,
  requireMayLeave,
  requireMayList,
} from './rights.ts';
import {
  endOld,
  type Found,
  requireAlive,
  requireRotatable,
  sameSpan,
  scopesForItself,
  type Transaction,
} from './rotation.ts';
import { toRow } from './sealed-key.ts';
import { type CreatedKey, type KeySummary, toSummary } from './view.ts';

export type { By } from './rights.ts';
export type { CreatedKey, KeySummary } from './view.ts';

/** Whose key it becomes. */
type Owner = { readonly userId: string } | { readonly email: string };

export type NewKey = Owner & {
  /** 1 to 100 characters. */
  readonly name: string;
  readonly scopes: string | readonly string[];
  /** null or undefined: never. */
  readonly expiresAt?: Date | null;
};

interface Rotation {
  /** For how long the old key still works beside the new one; 0: not at all. */
  readonly overlapMs: number;
  /** When the new one ends; null: never; undefined: after as long as the old one was made for. */
  readonly expiresAt?: Date | null;
}

export interface KeyFilter {
  /** The e-mail address or the id of the owner. */
  readonly owner?: string;
}

/** `by` is who asks; without it, the server itself does. */
export interface Keys {
  /** @throws INVALID_VALUE, NOT_FOUND for the owner, SCOPE_MISSING for scopes that owner or creator do not have, CONFLICT */
  create(wanted: NewKey, by?: By): Promise<CreatedKey>;
  /** @returns one's own keys, or everybody's for `admin`; oldest first, revoked ones too @throws SCOPE_MISSING */
  list(by?: By, filter?: KeyFilter): Promise<KeySummary[]>;
  /** Makes a key that may do the same, and lets the old one end. @throws NOT_FOUND, INVALID_VALUE, SCOPE_MISSING, CONFLICT for a dead key */
  rotate(id: string, rotation: Rotation, by?: By): Promise<CreatedKey>;
  /** Dead here at once, on every other instance within a second. Revoking twice changes nothing. @throws NOT_FOUND */
  revoke(id: string, by?: By): Promise<void>;
}

interface Parts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly knownScopes: readonly string[];
  /** Told of each id that was revoked, or ends otherwise than before. */
  readonly onChange: (id: string) => void;
}

/** Keys of one person that work at the same time. */
const liveMax = 200;

export function createKeys({ prisma, safestore, audit, knownScopes, onChange }: Parts): Keys {
  async function create(wanted: NewKey, by: By = {}): Promise<CreatedKey> {
    requireMayCreate(by);
    const name = checkName(wanted.name);
    const scopes = parseScopes(wanted.scopes, knownScopes);
    const expiresAt = checkExpiry(wanted.expiresAt);
    if (by.principal) requireScopes(by.principal.scopes, scopes, 'Your own credential');
    const owner = await findOwner(wanted, by);
    requireScopes(new Set(ownedScopes(owner, knownScopes)), scopes, `The owner ${owner.email}`);
    const made = makeApiKey();
    const draft = await toRow(safestore, made, { userId: owner.id, name, scopes, expiresAt });
    const data = { ...draft, ...toOriginColumns(by.principal) };
    await prisma.$transaction(async transaction => {
      await requireRoom(transaction, owner.id);
      await transaction.apiKey.create({ data });
    });
    await note(by, 'key.created', data);
    return toCreated(made.key, data, owner.email);
  }

  async function findOwner(wanted: Owner, by: By) {
    const where = 'userId' in wanted ? { id: wanted.userId } : { email: wanted.email.trim().toLowerCase() };
    const owner = await prisma.user.findUnique({ where });
    const other = by.principal?.userId !== owner?.id;
    // Who has accounts here is not for everybody to find out.
    if (other && !managesAll(by))
      throw fault('SCOPE_MISSING', 'Keys of others need the scope "admin".', { target: 'admin' });
    if (!owner) throw fault('NOT_FOUND', 'There is no user with this e-mail address.', { target: 'owner' });
    if (owner.disabledAt)
      throw fault('INVALID_VALUE', `The user ${owner.email} is disabled.`, { target: 'owner' });
    return owner;
  }

  /** Counted under a lock on the owner: two requests at once could make one too many. @throws CONFLICT */
  async function requireRoom(transaction: Transaction, userId: string): Promise<void> {
    await transaction.$queryRaw`SELECT 1 FROM "portolan"."user" WHERE "id" = ${userId}::uuid FOR NO KEY UPDATE`;
    const live = { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
    if ((await transaction.apiKey.count({ where: live })) < liveMax) return;
    throw fault('CONFLICT', `A person has at most ${liveMax} API keys.`, {
      hint: 'Revoke one that is not used any more.',
    });
  }

  async function list(by: By = {}, { owner }: KeyFilter = {}): Promise<KeySummary[]> {
    requireMayList(by);
    const own = managesAll(by) ? {} : { userId: by.principal!.userId };
    const rows = await prisma.apiKey.findMany({
      where: { AND: [own, owner === undefined ? {} : ofOwner(owner)] },
      omit: { sealed: true },
      include: { user: { select: { email: true } } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    // A key is replaced by one of the same owner, so it is among them.
    const replacedBy = new Map(
      rows.flatMap(({ id, replaces }) => (replaces === null ? [] : [[replaces, id]])),
    );
    return rows.map(row => toSummary(row, replacedBy.get(row.id) ?? null));
  }

  async function rotate(id: string, rotation: Rotation, by: By = {}): Promise<CreatedKey> {
    requireMayLeave(by);
    const overlapMs = checkOverlap(rotation.overlapMs);
    const old = await find(id, by);
    const expiresAt = checkExpiry(rotation.expiresAt === undefined ? sameSpan(old) : rotation.expiresAt);
    requireAlive(old);
    const scopes = isItself(by, id) ? scopesForItself(old, expiresAt) : scopesForOthers(by, old);
    const made = makeApiKey();
    const { name, userId } = old;
    const draft = await toRow(safestore, made, { userId, name, scopes, expiresAt });
    const data = { ...draft, replaces: old.id, ...toOriginColumns(by.principal, old) };
    const ends = await prisma.$transaction(async transaction => {
      await requireRoom(transaction, userId);
      await requireRotatable(transaction, id);
      await transaction.apiKey.create({ data });
      return endOld(transaction, old, overlapMs);
    });
    onChange(id);
    await note(by, 'key.rotated', data, { replaces: id, oldEndsAt: ends });
    return toCreated(made.key, data, old.user.email);
  }

  /** @returns the key, where it may be changed @throws NOT_FOUND */
  async function find(id: string, by: By) {
    const row = isKeyId(id)
      ? await prisma.apiKey.findUnique({ where: { id }, omit: { sealed: true }, include: { user: true } })
      : null;
    if (!row || !mayChange(by, row)) throw unknownKey(id);
    return row;
  }

  /**
   * Nobody is handed more than they have, now or when the owner may do more again: the new key is shown to whoever
   * rotates. @returns what it may do @throws SCOPE_MISSING, CONFLICT
   */
  function scopesForOthers({ principal }: By, { scopes, user }: Found): readonly string[] {
    if (!principal) return scopes;
    const effective = effectiveScopes(scopes, ownedScopes(user, knownScopes));
    requireScopes(principal.scopes, effective, 'Your own credential');
    if (effective.length > 0) return effective;
    throw fault('CONFLICT', 'The owner may not do any more what this key was made for.');
  }

  async function revoke(id: string, by: By = {}): Promise<void> {
    const row = await find(id, by);
    const data = { revokedAt: new Date() };
    const { count } = await prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data });
    onChange(id);
    if (count > 0) await note(by, 'key.revoked', row);
  }

  const note = (
    by: By,
    kind: string,
    key: Noted,
    more?: Readonly<Record<string, unknown>>,
  ): Promise<void> => {
    const { id, userId, name, lastFour, scopes, expiresAt } = key;
    const details = { name, lastFour, scopes, expiresAt, ...more };
    return audit.record({ kind, userId, subject: id, details, ...by });
  };

  return { create, list, rotate, revoke };
}

type Noted = Pick<KeySummary, 'id' | 'userId' | 'name' | 'lastFour' | 'scopes' | 'expiresAt'>;

/** @param owner what is no id is taken for an e-mail address */
const ofOwner = (owner: string) =>
  isUuid(owner)
    ? { userId: owner }
    : { user: { email: owner.trim().toLowerCase().replaceAll('\0', '\u{fffd}') } };

function toCreated(key: string, row: Noted & { replaces?: string | null }, owner: string): CreatedKey {
  const { id, name, scopes, lastFour, expiresAt, replaces = null } = row;
  return { id, key, name, owner, scopes, lastFour, expiresAt, replaces };
}

const unknownKey = (id: string): Fault =>
  fault('NOT_FOUND', `There is no API key ${id.slice(0, 40)}.`, {
    target: 'id',
    hint: 'The id is the part between pk_ and the next _.',
  });
