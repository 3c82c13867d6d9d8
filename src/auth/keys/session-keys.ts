// API keys that whoever had a session may have made: sessions end with a new password, and such keys do not.

import type { PrismaClient } from '../../platform/prisma.ts';
import type { KeySummary } from './view.ts';

/** Whether a key works, and was made by whoever was signed in, or nobody knows by whom. */
export const mayBeOfSession = ({ state, madeBy }: Pick<KeySummary, 'state' | 'madeBy'>): boolean =>
  (state === 'active' || state === 'expiring') && (madeBy === 'session' || madeBy === null);

/** @returns whether somebody has such keys */
export async function hasSessionKeys(prisma: PrismaClient, userId: string): Promise<boolean> {
  const works = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
  const made = { OR: [{ madeBy: 'session' }, { madeBy: null }] };
  return (await prisma.apiKey.count({ where: { userId, AND: [works, made] } })) > 0;
}
