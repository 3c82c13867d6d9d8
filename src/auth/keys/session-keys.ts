// API keys created in a session. A new password ends all sessions, but not these keys, so the user is asked to review them.

import type { PrismaClient } from '../../platform/prisma.ts';
import type { KeySummary } from './view.ts';

/** Whether a key is active and was created in a session, or its creator is unknown. */
export const mayBeOfSession = ({ state, madeBy }: Pick<KeySummary, 'state' | 'madeBy'>): boolean =>
  (state === 'active' || state === 'expiring') && (madeBy === 'session' || madeBy === null);

/** @returns whether a user has such keys */
export async function hasSessionKeys(prisma: PrismaClient, userId: string): Promise<boolean> {
  const works = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
  const made = { OR: [{ madeBy: 'session' }, { madeBy: null }] };
  return (await prisma.apiKey.count({ where: { userId, AND: [works, made] } })) > 0;
}
