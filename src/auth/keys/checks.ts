// Checks of the values for a new API key.

import { fault } from '../../base/errors.ts';

const nameLengthMax = 100;
const dayMs = 86_400_000;
const overlapDaysMax = 90;

/** @throws INVALID_VALUE */
export function checkName(name: string): string {
  const trimmed = name.trim();
  // Names are printed on terminals: no line breaks, no escape sequences.
  if (trimmed !== '' && trimmed.length <= nameLengthMax && !/\p{Cc}/u.test(trimmed) && trimmed.isWellFormed())
    return trimmed;
  throw fault('INVALID_VALUE', `The name must have 1 to ${nameLengthMax} characters, on one line.`, {
    target: 'name',
  });
}

/** @returns undefined: never @throws INVALID_VALUE */
export function checkExpiry(expiresAt: Date | null | undefined): Date | undefined {
  if (expiresAt == null) return undefined;
  if (expiresAt.getTime() > Date.now() && expiresAt.getUTCFullYear() < 10_000) return expiresAt;
  throw fault('INVALID_VALUE', 'The expiry must be a time in the future.', { target: 'expiresAt' });
}

/** @throws INVALID_VALUE */
export function checkOverlap(overlapMs: number): number {
  if (overlapMs >= 0 && overlapMs <= overlapDaysMax * dayMs) return Math.floor(overlapMs);
  throw fault('INVALID_VALUE', `The overlap must be from 0 to ${overlapDaysMax} days.`, {
    target: 'overlap',
  });
}
