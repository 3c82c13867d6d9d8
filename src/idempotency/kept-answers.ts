// The table of stored answers by Idempotency-Key.

import type { Session } from '../base/database/database.ts';
import type { Answer } from '../http/message/message.ts';

/** How long a request can be retried. */
const keptFor = `interval '24 hours'`;

export interface Claim {
  /** The principal that sent the key: `key:AB12…`. Keys of different principals never collide. */
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface KeptAnswer {
  readonly fingerprint: string;
  readonly answer: Answer;
}

/**
 * The database waits for a transaction that claims the same key, because it knows when that ends, even after a crash.
 * The statement then restores the lock timeout for those that follow.
 */
const claimStatement = `INSERT INTO portolan.idempotent_answer AS a ("owner", "key", "fingerprint", "status", "headers", "body")
VALUES ($1, $2, $3, 0, '{}', '')
ON CONFLICT ("owner", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", "createdAt" = now()
WHERE a."createdAt" < now() - ${keptFor}
RETURNING set_config('lock_timeout', coalesce(nullif(current_setting('portolan.lock_timeout', true), ''), '0'), true)`;

const readStatement = `SELECT "fingerprint", "status", "headers", "body" FROM portolan.idempotent_answer
WHERE "owner" = $1 AND "key" = $2`;

/** @returns the answer stored under the key; undefined if there is none: the key is then claimed until the transaction ends */
export async function claim(
  session: Session,
  { owner, key, fingerprint }: Claim,
): Promise<KeptAnswer | undefined> {
  const claimed = await session.query(claimStatement, [owner, key, fingerprint], {
    name: 'idempotency-claim',
  });
  if (claimed.rows.length > 0) return undefined;
  const { rows } = await session.query(readStatement, [owner, key]);
  const [known, status, headers, body] = rows[0]! as [string, string, string, string];
  return { fingerprint: known, answer: { status: Number(status), headers: JSON.parse(headers), body } };
}

const keepStatement = `UPDATE portolan.idempotent_answer SET "status" = $3, "headers" = $4, "body" = $5
WHERE "owner" = $1 AND "key" = $2`;

/** @param answer whose body is a string */
export async function keep(session: Session, { owner, key }: Claim, answer: Answer): Promise<void> {
  const { status, headers = {}, body = '' } = answer;
  if (typeof body !== 'string') throw new Error('Only answers with a string body can be stored.');
  await session.query(keepStatement, [owner, key, status, JSON.stringify(headers), body], {
    name: 'idempotency-keep',
  });
}

const batchRows = 5_000;

/** Deletes a batch of expired answers. @returns whether there may be more */
export async function clearAnswers(session: Session): Promise<boolean> {
  const { rowCount } = await session.query(
    `DELETE FROM portolan.idempotent_answer WHERE ("owner", "key") IN (
  SELECT "owner", "key" FROM portolan.idempotent_answer WHERE "createdAt" < now() - ${keptFor} LIMIT ${batchRows}
)`,
  );
  return rowCount === batchRows;
}
