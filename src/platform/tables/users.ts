// The users, as other parts of the server need them. Managing users is for src/users.

import type { RawRow, Session } from '../../base/database/database.ts';
import type { Role } from '../generated/client/enums.ts';
import type { PrismaClient, Transaction } from '../prisma.ts';

/** What decides on a user's permissions. */
export interface UserStanding {
  readonly id: string;
  readonly role: Role | null;
  readonly scopes: readonly string[];
}

/** By id, or by e-mail address in lower case. */
export type UserKey = { readonly id: string } | { readonly email: string };

export const findUser = (prisma: PrismaClient, key: UserKey) =>
  prisma.user.findUnique({
    where: key,
    select: { id: true, email: true, name: true, role: true, scopes: true, disabledAt: true },
  });

/** @returns the user, whether they are a developer, and how many apps they have */
export const findAppOwner = (prisma: PrismaClient, key: UserKey) =>
  prisma.user.findUnique({
    where: key,
    select: {
      id: true,
      role: true,
      scopes: true,
      disabledAt: true,
      developer: { select: { userId: true } },
      _count: { select: { apps: true } },
    },
  });

const activeByEmailText = `
SELECT "id", "role"::text, array_to_json("scopes") FROM "portolan"."user" WHERE "email" = $1 AND "disabledAt" IS NULL`;

/** Not through Prisma, for speed: tokens of other issuers are looked up twice a second. */
export async function findActiveUser(session: Session, email: string): Promise<UserStanding | undefined> {
  const { rows } = await session.query(activeByEmailText, [email], { name: 'auth_find_external' });
  return rows[0] && toStanding(rows[0]);
}

const toStanding = ([id, role, scopes]: RawRow): UserStanding => ({
  id: id!,
  role: (role ?? null) as Role | null,
  scopes: JSON.parse(scopes ?? '[]'),
});

const isActiveText = `SELECT FROM "portolan"."user" WHERE "id"::text = $1 AND "disabledAt" IS NULL`;

/** @returns whether the user exists and is not disabled */
export const isActiveUser = async (session: Session, id: string): Promise<boolean> =>
  (await session.query(isActiveText, [id], { name: 'oauth_is_active_user' })).rowCount > 0;

/** Locks the user's row until the transaction ends. Rows that refer to it can still be added. */
export async function lockUser(transaction: Transaction, id: string): Promise<void> {
  await transaction.$queryRaw`SELECT 1 FROM "portolan"."user" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`;
}

/** Locks the rows of the administrators who can sign in until the transaction ends. @returns their ids */
export async function lockAdministrators(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    SELECT u."id" FROM "portolan"."user" u
    WHERE u."role" = 'administrator' AND u."disabledAt" IS NULL AND (u."passwordHash" IS NOT NULL
      OR EXISTS (SELECT 1 FROM "portolan"."external_identity" i WHERE i."userId" = u."id"))
    ORDER BY u."id" FOR UPDATE OF u`;
  return rows.map(({ id }) => id);
}

/** Passwords are hashed with a pepper too, and can only be hashed again when the user next signs in. */
export interface PasswordCount {
  readonly pepper: number;
  readonly count: number;
}

/** @returns the number of passwords by the version of their pepper */
export async function countPasswords(session: Session): Promise<PasswordCount[]> {
  const { rows } = await session.query(
    `SELECT split_part("passwordHash", '$', 1) AS pepper, count(*) FROM "portolan"."user"
WHERE "passwordHash" IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(([pepper, count]) => ({ pepper: Number(pepper), count: Number(count) }));
}
