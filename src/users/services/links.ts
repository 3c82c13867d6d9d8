// Links that are sent to users: single-use secrets of 256 bits that expire. The database stores their hashes.

import { hash, randomBytes } from 'node:crypto';
import type { LinkKind } from '../../platform/generated/client/enums.ts';
import type { PrismaClient, Transaction } from '../../platform/prisma.ts';

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

interface LinksDeps {
  readonly prisma: PrismaClient;
  readonly publicUrl: string;
}

export const createLinks = (deps: LinksDeps): Links => new LinkService(deps);

class LinkService implements Links {
  readonly #deps: { prisma: PrismaClient; publicUrl: string };

  constructor(deps: { prisma: PrismaClient; publicUrl: string }) {
    this.#deps = deps;
  }

  #validLink(kinds: readonly LinkKind[], secret: string) {
    return {
      id: idOf(secret),
      kind: { in: [...kinds] },
      usedAt: null,
      expiresAt: { gt: new Date(Date.now()) },
      user: { disabledAt: null },
    };
  }

  async issue(kind: LinkKind, userId: string): Promise<IssuedLink> {
    const { prisma, publicUrl } = this.#deps;
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
  }

  async peek(kinds: readonly LinkKind[], secret: string): Promise<LinkOwner | undefined> {
    const select = { id: true, email: true, name: true };
    const link = await this.#deps.prisma.signInLink.findFirst({
      where: this.#validLink(kinds, secret),
      select: { shown: true, user: { select } },
    });
    return link ? { ...link.user, verifiesAddress: !link.shown } : undefined;
  }

  async redeem(tx: Transaction, kinds: readonly LinkKind[], secret: string) {
    const usedAt = new Date(Date.now());
    const where = this.#validLink(kinds, secret);
    if ((await tx.signInLink.updateMany({ where, data: { usedAt } })).count === 0) return undefined;
    const { userId } = await tx.signInLink.findUniqueOrThrow({ where: { id: where.id } });
    await tx.signInLink.updateMany({ where: { userId, usedAt: null }, data: { usedAt } });
    return userId;
  }

  async cancel(kinds: readonly LinkKind[], userId: string): Promise<void> {
    await this.#deps.prisma.signInLink.deleteMany({
      where: { userId, kind: { in: [...kinds] }, usedAt: null },
    });
  }

  async clear(): Promise<void> {
    const old = { expiresAt: { lt: new Date(Date.now() - keptMs) } };
    const removable = [{ usedAt: { not: null } }, { kind: { not: 'emailVerification' as const } }];
    await this.#deps.prisma.signInLink.deleteMany({ where: { ...old, OR: removable } });
  }
}

const idOf = (secret: string): string => hash('sha256', secret, 'hex');
