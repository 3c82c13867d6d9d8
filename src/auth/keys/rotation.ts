// What rotating a key takes: when a key may be rotated, what the new one may do and how long it lives, when the old one ends.

import { type Fault, fault } from '../../base/errors.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import type { ownedScopes } from '../scopes/roles.ts';

export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** A key that is there, with its owner. */
export interface Found {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly user: Parameters<typeof ownedScopes>[0] & { readonly disabledAt: Date | null };
}

/** Looked at under the lock on the owner: of two rotations at once, the second finds the first. @throws CONFLICT */
export async function requireRotatable(transaction: Transaction, id: string): Promise<void> {
  const now = await transaction.apiKey.findUnique({ where: { id }, select: { revokedAt: true } });
  if (!now || now.revokedAt) throw deadKey();
  const next = await transaction.apiKey.findFirst({ where: { replaces: id }, select: { id: true } });
  if (next)
    throw fault('CONFLICT', `This key was rotated already: ${next.id} takes its place.`, {
      hint: `Rotate ${next.id}.`,
    });
}

/** @returns when the old key ends */
export async function endOld(
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
export function requireAlive({ expiresAt, revokedAt, user }: Found): void {
  if (revokedAt || (expiresAt && expiresAt.getTime() <= Date.now())) throw deadKey();
  if (user.disabledAt) throw fault('CONFLICT', 'The owner of this key is disabled.');
}

/** Whoever stole a key must not make it live for ever. @returns what the new key may do @throws INVALID_VALUE */
export function scopesForItself(old: Found, expiresAt: Date | undefined): readonly string[] {
  const span = spanOf(old);
  if (span === undefined || (expiresAt && expiresAt.getTime() <= Date.now() + span + 1_000))
    return old.scopes;
  throw fault('INVALID_VALUE', 'A key that rotates itself gets no longer life than it was made for.', {
    target: 'expiresAt',
  });
}

/** @returns undefined for a key that never ends */
export function sameSpan(key: Found): Date | undefined {
  const span = spanOf(key);
  return span === undefined ? undefined : new Date(Date.now() + span);
}

const spanOf = ({ createdAt, expiresAt }: Found): number | undefined =>
  expiresAt ? expiresAt.getTime() - createdAt.getTime() : undefined;

const deadKey = (): Fault =>
  fault('CONFLICT', 'This key has been revoked, or has expired: there is nothing to rotate.', {
    hint: 'Create a new one.',
  });
