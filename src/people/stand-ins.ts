import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { PrismaClient } from '../base/prisma.ts';
import type { CreateLimiter } from './attempts.ts';
import type { Trail } from './parts.ts';

/** Limits of this process alone. */
export const memoryLimiters: CreateLimiter = ({ name, points, seconds }) => {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  return {
    async consume(key) {
      try {
        await limiter.consume(key);
        return { allowed: true, retryAfterSeconds: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return { allowed: false, retryAfterSeconds: Math.ceil(refused.msBeforeNext / 1_000) };
      }
    },
    reset: async key => void (await limiter.delete(key)),
  };
};

export const plainTrail = (prisma: PrismaClient): Trail => ({
  async record({ kind, userId, subject, principal, request, details }) {
    const actor = principal && { kind: principal.kind, id: principal.id, userId: principal.userId };
    const from = request && {
      address: request.address,
      requestId: request.id,
      userAgent: request.header('user-agent'),
    };
    await prisma.auditEvent.create({
      data: { kind, userId, subject, actor, ...from, details: details as object },
    });
  },
});
