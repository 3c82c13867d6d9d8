// Creates, lists, rotates and revokes API keys.

import type { Audit } from '../../audit/create-audit.ts';
import { type Fault, fault } from '../../base/errors.ts';
import { isUuid } from '../../base/uuid.ts';
import type { PrismaClient, Transaction } from '../../platform/prisma.ts';
import { findUser, lockUser } from '../../platform/tables/users.ts';
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
  requireMayList,
  requireOwnIssuer,
} from './rights.ts';
import {
  endOldKey,
  type Found,
  requireActive,
  requireRotatable,
  sameLifetime,
  scopesForItself,
} from './rotation.ts';
import { toRow } from './sealed-key.ts';
import { type CreatedKey, type KeySummary, toSummary } from './view.ts';

export type { By } from './rights.ts';
export type { CreatedKey, KeySummary } from './view.ts';

/** The owner of a new key. */
type Owner = { readonly userId: string } | { readonly email: string };

export type NewKey = Owner & {
  /** 1 to 100 characters. */
  readonly name: string;
  readonly scopes: string | readonly string[];
  /** null or undefined: never. */
  readonly expiresAt?: Date | null;
};

interface Rotation {
  /** How long the old key stays valid; 0: it is revoked at once. */
  readonly overlapMs: number;
  /** When the new key expires; null: never; undefined: after the lifetime of the old key. */
  readonly expiresAt?: Date | null;
}

export interface KeyFilter {
  /** The e-mail address or the id of the owner. */
  readonly owner?: string;
}

/** `by` is the caller; without it, the server itself. */
export interface Keys {
  /** @throws INVALID_VALUE, NOT_FOUND for the owner, SCOPE_MISSING for scopes that owner or creator do not have, CONFLICT */
  create(input: NewKey, by?: By): Promise<CreatedKey>;
  /** @returns the caller's keys, or those of every user for `admin`; oldest first, including revoked keys @throws SCOPE_MISSING */
  list(by?: By, filter?: KeyFilter): Promise<KeySummary[]>;
  /** Creates a key with the same scopes and ends the old one. @throws NOT_FOUND, INVALID_VALUE, SCOPE_MISSING, CONFLICT for an inactive key */
  rotate(id: string, rotation: Rotation, by?: By): Promise<CreatedKey>;
  /** Takes effect here at once, on other instances within a second. Revoking twice changes nothing. @throws NOT_FOUND */
  revoke(id: string, by?: By): Promise<void>;
}

interface Deps {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly knownScopes: readonly string[];
  /** Called with the id of each key that was revoked or whose expiry changed. */
  readonly onChange: (id: string) => void;
}

/** Active keys of one user. */
const activeMax = 200;

export const createKeys = (deps: Deps): Keys => new KeyService(deps);

class KeyService implements Keys {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async create(input: NewKey, by: By = {}): Promise<CreatedKey> {
    const { knownScopes, safestore, prisma } = this.#deps;
    requireMayCreate(by);
    const name = checkName(input.name);
    const scopes = parseScopes(input.scopes, knownScopes);
    const expiresAt = checkExpiry(input.expiresAt);
    if (by.principal) requireScopes(by.principal.scopes, scopes, 'Your own credential');
    const owner = await this.#findOwner(input, by);
    requireScopes(new Set(ownedScopes(owner, knownScopes)), scopes, `The owner ${owner.email}`);
    const newKey = makeApiKey();
    const draft = await toRow(safestore, newKey, { userId: owner.id, name, scopes, expiresAt });
    const data = { ...draft, ...toOriginColumns(by.principal) };
    await prisma.$transaction(async transaction => {
      await this.#requireRoom(transaction, owner.id);
      await transaction.apiKey.create({ data });
    });
    await this.#note(by, 'key.created', data);
    return toCreated(newKey.key, data, owner.email);
  }

  async #findOwner(input: Owner, by: By) {
    const where = 'userId' in input ? { id: input.userId } : { email: input.email.trim().toLowerCase() };
    const owner = await findUser(this.#deps.prisma, where);
    const other = by.principal?.userId !== owner?.id;
    // Checked before the lookup's result, so that it does not reveal who has an account.
    if (other && !managesAll(by))
      throw fault('SCOPE_MISSING', 'API keys of other users require the scope "admin".', { target: 'admin' });
    if (!owner) throw fault('NOT_FOUND', 'There is no user with this e-mail address.', { target: 'owner' });
    if (owner.disabledAt)
      throw fault('INVALID_VALUE', `The user ${owner.email} is disabled.`, { target: 'owner' });
    return owner;
  }

  /** Counted under a lock on the owner, so that concurrent requests cannot exceed the maximum. @throws CONFLICT */
  async #requireRoom(transaction: Transaction, userId: string): Promise<void> {
    await lockUser(transaction, userId);
    const active = { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
    if ((await transaction.apiKey.count({ where: active })) < activeMax) return;
    throw fault('CONFLICT', `A user can have at most ${activeMax} active API keys.`, {
      hint: 'Revoke a key that is no longer used.',
    });
  }

  async list(by: By = {}, { owner }: KeyFilter = {}): Promise<KeySummary[]> {
    requireMayList(by);
    const own = managesAll(by) ? {} : { userId: by.principal!.userId };
    const rows = await this.#deps.prisma.apiKey.findMany({
      where: { AND: [own, owner === undefined ? {} : ofOwner(owner)] },
      omit: { sealed: true },
      include: { user: { select: { email: true } } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    // A key is replaced by a key of the same owner, so the replacement is in the list.
    const replacedBy = new Map(
      rows.flatMap(({ id, replaces }) => (replaces === null ? [] : [[replaces, id]])),
    );
    return rows.map(row => toSummary(row, replacedBy.get(row.id) ?? null));
  }

  async rotate(id: string, rotation: Rotation, by: By = {}): Promise<CreatedKey> {
    const { safestore, prisma, onChange } = this.#deps;
    requireOwnIssuer(by);
    const overlapMs = checkOverlap(rotation.overlapMs);
    const old = await this.#find(id, by);
    const expiresAt = checkExpiry(rotation.expiresAt === undefined ? sameLifetime(old) : rotation.expiresAt);
    requireActive(old);
    const scopes = isItself(by, id) ? scopesForItself(old, expiresAt) : this.#scopesForOthers(by, old);
    const newKey = makeApiKey();
    const { name, userId } = old;
    const draft = await toRow(safestore, newKey, { userId, name, scopes, expiresAt });
    const data = { ...draft, replaces: old.id, ...toOriginColumns(by.principal, old) };
    const ends = await prisma.$transaction(async transaction => {
      await this.#requireRoom(transaction, userId);
      await requireRotatable(transaction, id);
      await transaction.apiKey.create({ data });
      return endOldKey(transaction, old, overlapMs);
    });
    onChange(id);
    await this.#note(by, 'key.rotated', data, { replaces: id, oldEndsAt: ends });
    return toCreated(newKey.key, data, old.user.email);
  }

  /** @returns the key, if the caller may change it @throws NOT_FOUND */
  async #find(id: string, by: By) {
    const row = isKeyId(id)
      ? await this.#deps.prisma.apiKey.findUnique({
          where: { id },
          omit: { sealed: true },
          include: { user: true },
        })
      : null;
    if (!row || !mayChange(by, row)) throw unknownKey(id);
    return row;
  }

  /**
   * The new key is shown to the caller, so it must never allow more than the caller's own credential, not even when the
   * owner gets scopes back. @returns the scopes of the new key @throws SCOPE_MISSING, CONFLICT
   */
  #scopesForOthers({ principal }: By, { scopes, user }: Found): readonly string[] {
    if (!principal) return scopes;
    const effective = effectiveScopes(scopes, ownedScopes(user, this.#deps.knownScopes));
    requireScopes(principal.scopes, effective, 'Your own credential');
    if (effective.length > 0) return effective;
    throw fault('CONFLICT', 'The owner no longer has any scope of this key.');
  }

  async revoke(id: string, by: By = {}): Promise<void> {
    const { prisma, onChange } = this.#deps;
    const row = await this.#find(id, by);
    const data = { revokedAt: new Date() };
    const { count } = await prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data });
    onChange(id);
    if (count > 0) await this.#note(by, 'key.revoked', row);
  }

  #note(by: By, kind: string, key: LoggedKey, more?: Readonly<Record<string, unknown>>): Promise<void> {
    const { id, userId, name, lastFour, scopes, expiresAt } = key;
    const details = { name, lastFour, scopes, expiresAt, ...more };
    return this.#deps.audit.record({ kind, userId, subject: id, details, ...by });
  }
}

type LoggedKey = Pick<KeySummary, 'id' | 'userId' | 'name' | 'lastFour' | 'scopes' | 'expiresAt'>;

/** @param owner an id, otherwise an e-mail address */
const ofOwner = (owner: string) =>
  isUuid(owner)
    ? { userId: owner }
    : { user: { email: owner.trim().toLowerCase().replaceAll('\0', '\u{fffd}') } };

function toCreated(key: string, row: LoggedKey & { replaces?: string | null }, owner: string): CreatedKey {
  const { id, name, scopes, lastFour, expiresAt, replaces = null } = row;
  return { id, key, name, owner, scopes, lastFour, expiresAt, replaces };
}

const unknownKey = (id: string): Fault =>
  fault('NOT_FOUND', `There is no API key ${id.slice(0, 40)}.`, {
    target: 'id',
    hint: 'The id is the part between pk_ and the next _.',
  });
