import type { PrismaClient } from '../base/prisma.ts';
import type { Trail } from './parts.ts';

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
