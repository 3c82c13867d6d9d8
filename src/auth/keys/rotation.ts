// The rules of rotation: which keys can be rotated, the scopes and lifetime of the new key, and when the old key ends.

import { type Fault, fault } from '../../base/errors.ts';
import type { Transaction } from '../../platform/prisma.ts';
import type { ownedScopes } from '../scopes/roles.ts';

/** An existing key with its owner. */
export interface Found {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly user: Parameters<typeof ownedScopes>[0] & { readonly disabledAt: Date | null };
}

/** Called under the lock on the owner, so that the second of two concurrent rotations sees the first. @throws CONFLICT */
export async function requireRotatable(transaction: Transaction, id: string): Promise<void> {
  const now = await transaction.apiKey.findUnique({ where: { id }, select: { revokedAt: true } });
  if (!now || now.revokedAt) throw inactiveKey();
  const next = await transaction.apiKey.findFirst({ where: { replaces: id }, select: { id: true } });
  if (next)
    throw fault('CONFLICT', `This key was already rotated: ${next.id} replaces it.`, {
      hint: `Rotate ${next.id}.`,
    });
}

/** @returns when the old key ends */
export async function endOldKey(
  transaction: Transaction,
  { id, expiresAt }: Found,
  overlapMs: number,
): Promise<Date> {
  const now = new Date();
  if (overlapMs === 0) {
    await transaction.apiKey.update({ where: { id }, data: { revokedAt: now } });
    return now;
  }
  const end = new Date(Math.min(now.getTime() + overlapMs, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY));
  await transaction.apiKey.update({ where: { id }, data: { expiresAt: end } });
  return end;
}

/** @throws CONFLICT */
export function requireActive({ expiresAt, revokedAt, user }: Found): void {
  if (revokedAt || (expiresAt && expiresAt.getTime() <= Date.now())) throw inactiveKey();
  if (user.disabledAt) throw fault('CONFLICT', 'The owner of this key is disabled.');
}

/** A stolen key must not extend its own lifetime. @returns the scopes of the new key @throws INVALID_VALUE */
export function scopesForItself(old: Found, expiresAt: Date | undefined): readonly string[] {
  const lifetime = lifetimeOf(old);
  if (lifetime === undefined || (expiresAt && expiresAt.getTime() <= Date.now() + lifetime + 1_000))
    return old.scopes;
  throw fault('INVALID_VALUE', 'A key that rotates itself cannot get a longer lifetime.', {
    target: 'expiresAt',
  });
}

/** @returns the expiry after the same lifetime; undefined for a key that never expires */
export function sameLifetime(key: Found): Date | undefined {
  const lifetime = lifetimeOf(key);
  return lifetime === undefined ? undefined : new Date(Date.now() + lifetime);
}

const lifetimeOf = ({ createdAt, expiresAt }: Found): number | undefined =>
  expiresAt ? expiresAt.getTime() - createdAt.getTime() : undefined;

const inactiveKey = (): Fault =>
  fault('CONFLICT', 'This key is revoked or expired and cannot be rotated.', {
    hint: 'Create a new API key.',
  });
