// What may be shown of an app: never its secrets.

import * as v from 'valibot';
import { textOrNull, timeOrNull } from '../../http/rest/fields.ts';
import type { Immutable } from '../../http/rest/immutable.ts';
import type { Prisma } from '../../platform/generated/client/client.ts';

export const secretSchema = v.object({
  id: v.string(),
  lastFour: v.string(),
  createdAt: v.date(),
  lastUsedAt: timeOrNull(),
  expiresAt: v.pipe(timeOrNull(), v.description('null: never.')),
});

export const appSchema = v.object({
  id: v.pipe(v.string(), v.description('The client ID.')),
  kind: v.picklist(['developer', 'plugin']),
  name: v.string(),
  description: textOrNull(),
  homePage: textOrNull(),
  logoPath: v.pipe(textOrNull(), v.description('A path of this server; null without a logo.')),
  redirectUris: v.array(v.string()),
  scopes: v.pipe(v.array(v.string()), v.description('The most that it may request.')),
  confidential: v.boolean(),
  clientCredentials: v.pipe(v.boolean(), v.description('Whether it may act for itself.')),
  disabledAt: timeOrNull(),
  locked: v.pipe(
    v.boolean(),
    v.description('Whether an administrator disabled it: its owner cannot enable it then.'),
  ),
  createdAt: v.date(),
  updatedAt: v.date(),
  owner: v.object({ id: v.string(), email: v.string() }),
  developer: v.pipe(
    textOrNull(),
    v.description("The developer's name; null if the owner is not registered."),
  ),
  secrets: v.pipe(v.array(secretSchema), v.description('The valid secrets, newest first.')),
});

export type SecretView = Immutable<v.InferOutput<typeof secretSchema>>;
export type AppView = Immutable<v.InferOutput<typeof appSchema>>;

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
