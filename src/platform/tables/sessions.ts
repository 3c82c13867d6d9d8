// The rows of sessions. Not through Prisma, for speed: every session in use is read twice a second.

import type { Database, RawRow } from '../../base/database/database.ts';

/** A stored session with its user. Times in milliseconds since 1970. */
export interface StoredSession {
  readonly id: string;
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly role: string | null;
    readonly scopes: readonly string[];
  };
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent: string | null;
}

const findText = `
SELECT s."userId", u."email", u."name", u."role"::text, array_to_json(u."scopes"),
  extract(epoch FROM s."createdAt") * 1000, extract(epoch FROM s."lastSeenAt") * 1000,
  extract(epoch FROM s."expiresAt") * 1000
FROM "portolan"."session" s JOIN "portolan"."user" u ON u."id" = s."userId"
WHERE s."id" = $1 AND u."disabledAt" IS NULL`;

// A user who has been disabled gets no session.
const addText = `
INSERT INTO "portolan"."session" ("id", "userId", "createdAt", "lastSeenAt", "expiresAt", "address", "userAgent")
SELECT $1, u."id", $3::timestamptz, $3::timestamptz, $4::timestamptz, $5, $6
FROM "portolan"."user" u WHERE u."id" = $2::uuid AND u."disabledAt" IS NULL`;

const seenText = `
UPDATE "portolan"."session" SET "lastSeenAt" = $2, "expiresAt" = $3, "address" = $4
WHERE "id" = $1 AND "lastSeenAt" < $2`;

const listText = `
SELECT "id", extract(epoch FROM "createdAt") * 1000, extract(epoch FROM "lastSeenAt") * 1000, "address", "userAgent"
FROM "portolan"."session" WHERE "userId" = $1 AND "expiresAt" > $2 ORDER BY "lastSeenAt" DESC, "id"`;

const endAllText = `DELETE FROM "portolan"."session" WHERE "userId" = $1 AND "id" <> $2`;

export const sessionStore = (database: Database) => ({
  async find(id: string): Promise<StoredSession | undefined> {
    const { rows } = await database.query(findText, [id], { name: 'auth_find_session' });
    return rows[0] && toStored(id, rows[0]);
  },
  /** @returns whether the user exists and is not disabled */
  async add({ id, userId, at, expiresAt, address, userAgent }: SessionRow): Promise<boolean> {
    const values = [id, userId, iso(at), iso(expiresAt), address, userAgent];
    return (await database.query(addText, values)).rowCount > 0;
  },
  async seen({ id, at, expiresAt, address }: Omit<SessionRow, 'userId' | 'userAgent'>): Promise<void> {
    await database.query(seenText, [id, iso(at), iso(expiresAt), address], { name: 'auth_seen_session' });
  },
  async list(userId: string, at: number): Promise<SessionSummary[]> {
    const { rows } = await database.query(listText, [userId, iso(at)]);
    return rows.map(([id, createdAt, lastSeenAt, address, userAgent]) => ({
      id: id!,
      createdAt: new Date(Number(createdAt)),
      lastSeenAt: new Date(Number(lastSeenAt)),
      address: address ?? null,
      userAgent: userAgent ?? null,
    }));
  },
  /** @param userId the owner that the session must have; undefined: any */
  async end(id: string, userId?: string): Promise<boolean> {
    const mine = userId === undefined ? '' : ' AND "userId" = $2';
    const text = `DELETE FROM "portolan"."session" WHERE "id" = $1${mine}`;
    return (await database.query(text, userId === undefined ? [id] : [id, userId])).rowCount > 0;
  },
  endAll: async (userId: string, except: string): Promise<number> =>
    (await database.query(endAllText, [userId, except])).rowCount,
  async clear(at: number): Promise<void> {
    await database.query('DELETE FROM "portolan"."session" WHERE "expiresAt" <= $1', [iso(at)]);
  },
});

const iso = (at: number): string => new Date(at).toISOString();

function toStored(
  id: string,
  [userId, email, name, role, scopes, createdAt, lastSeenAt, expiresAt]: RawRow,
): StoredSession {
  return {
    id,
    user: { id: userId!, email: email!, name: name!, role: role ?? null, scopes: JSON.parse(scopes ?? '[]') },
    createdAt: Number(createdAt),
    lastSeenAt: Number(lastSeenAt),
    expiresAt: Number(expiresAt),
  };
}

/** The public view of a session. */
export interface SessionSummary {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
}
