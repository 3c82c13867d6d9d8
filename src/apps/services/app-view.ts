// What may be shown of an app: never its secrets.

import type { Prisma } from '../../platform/generated/client/client.ts';

export interface SecretView {
  readonly id: string;
  readonly lastFour: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** From then on it is refused; null: never. */
  readonly expiresAt: Date | null;
}

export interface AppView {
  /** The client id. */
  readonly id: string;
  readonly kind: 'developer' | 'plugin';
  readonly name: string;
  readonly description: string | null;
  readonly homePage: string | null;
  /** A path of this server; null for none. */
  readonly logoPath: string | null;
  readonly redirectUris: readonly string[];
  /** The most that it may ask for. */
  readonly scopes: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
  readonly disabledAt: Date | null;
  /** Whether an administrator disabled it: its owner cannot enable it then. */
  readonly locked: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly owner: { readonly id: string; readonly email: string };
  /** The developer's name; null where the owner is none. */
  readonly developer: string | null;
  /** Those that are good now, the newest first. */
  readonly secrets: readonly SecretView[];
}

/** What is read for it. */
export const viewed = () =>
  ({
    omit: { logo: true },
    include: {
      owner: { select: { id: true, email: true, developer: { select: { name: true } } } },
      secrets: {
        where: liveAt(new Date()),
        select: { id: true, lastFour: true, createdAt: true, lastUsedAt: true, expiresAt: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      },
    },
  }) satisfies Prisma.OauthAppDefaultArgs;

type Row = Prisma.OauthAppGetPayload<ReturnType<typeof viewed>>;

export function toView({ owner, logoType, disabledById, ownerId, ...row }: Row): AppView {
  return {
    ...row,
    logoPath: logoType === null ? null : logoPath(row),
    locked: row.disabledAt !== null && disabledById !== ownerId,
    owner: { id: owner.id, email: owner.email },
    developer: owner.developer?.name ?? null,
  };
}

/** Another address whenever the app changes, so that browsers may keep the image for a while. */
export const logoPath = ({ id, updatedAt }: { id: string; updatedAt: Date }): string =>
  `${logoAddress(id)}?v=${updatedAt.getTime().toString(36)}`;

export const logoAddress = (id: string): string => `/apps/${id}/logo`;

/** Which secrets are good at a time. */
export const liveAt = (now: Date) => ({
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});
