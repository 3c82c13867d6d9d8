// Links that are sent to users: single-use secrets of 256 bits that expire. The database stores their hashes.

import { hash, randomBytes } from 'node:crypto';
import type { LinkKind } from '../../platform/generated/client/enums.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

export interface IssuedLink {
  /** Contains the secret: only for the link's user. */
  readonly url: string;
  readonly expiresAt: Date;
  /** Records that someone else has seen the link, so that using it verifies no address. */
  markShown(): Promise<void>;
}

export interface LinkOwner {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Whether the link reached the address, rather than the administrator who asked for it. */
  readonly verifiesAddress: boolean;
}

export interface Links {
  issue(kind: LinkKind, userId: string): Promise<IssuedLink>;
  /** @returns the user of a valid link, otherwise undefined; does not use the link up */
  peek(kinds: readonly LinkKind[], secret: string): Promise<LinkOwner | undefined>;
  /** Uses up a link and all other links of its user. @returns the user's id, to one caller only */
  redeem(tx: Transaction, kinds: readonly LinkKind[], secret: string): Promise<string | undefined>;
  /** Cancels links that were sent before. */
  cancel(kinds: readonly LinkKind[], userId: string): Promise<void>;
  /** Deletes old links. Unused registration links are kept: they show that the address was never verified. */
  clear(): Promise<void>;
}

const hourMs = 3_600_000;

/** How long expired links are kept. */
const keptMs = 30 * 24 * hourMs;

const lifetimeMs: Readonly<Record<LinkKind, number>> = {
  invitation: 7 * 24 * hourMs,
  passwordReset: hourMs,
  emailVerification: 24 * hourMs,
};

const paths: Readonly<Record<LinkKind, string>> = {
  invitation: '/invitation',
  passwordReset: '/reset',
  emailVerification: '/invitation',
};

export function createLinks({ prisma, publicUrl }: { prisma: PrismaClient; publicUrl: string }): Links {
  const validLink = (kinds: readonly LinkKind[], secret: string) => ({
    id: idOf(secret),
    kind: { in: [...kinds] },
    usedAt: null,
    expiresAt: { gt: new Date(Date.now()) },
    user: { disabledAt: null },
  });

  return {
    async issue(kind, userId) {
      const secret = randomBytes(32).toString('base64url');
      const createdAt = new Date(Date.now());
      const expiresAt = new Date(createdAt.getTime() + lifetimeMs[kind]);
      const id = idOf(secret);
      await prisma.signInLink.create({ data: { id, kind, userId, createdAt, expiresAt } });
      return {
        url: `${publicUrl}${paths[kind]}/${secret}`,
        expiresAt,
        markShown: async () => {
          await prisma.signInLink.updateMany({ where: { id }, data: { shown: true } });
        },
      };
    },

    async peek(kinds, secret) {
      const select = { id: true, email: true, name: true };
      const link = await prisma.signInLink.findFirst({
        where: validLink(kinds, secret),
        select: { shown: true, user: { select } },
      });
      return link ? { ...link.user, verifiesAddress: !link.shown } : undefined;
    },

    async redeem(tx, kinds, secret) {
      const usedAt = new Date(Date.now());
      const where = validLink(kinds, secret);
      if ((await tx.signInLink.updateMany({ where, data: { usedAt } })).count === 0) return undefined;
      const { userId } = await tx.signInLink.findUniqueOrThrow({ where: { id: where.id } });
      await tx.signInLink.updateMany({ where: { userId, usedAt: null }, data: { usedAt } });
      return userId;
    },

    async cancel(kinds, userId) {
      await prisma.signInLink.deleteMany({ where: { userId, kind: { in: [...kinds] }, usedAt: null } });
    },

    async clear() {
      const old = { expiresAt: { lt: new Date(Date.now() - keptMs) } };
      const removable = [{ usedAt: { not: null } }, { kind: { not: 'emailVerification' as const } }];
      await prisma.signInLink.deleteMany({ where: { ...old, OR: removable } });
    },
  };
}

const idOf = (secret: string): string => hash('sha256', secret, 'hex');
