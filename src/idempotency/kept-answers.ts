// The table of answers that were given under a key.

import type { Session } from '../base/database/database.ts';
import type { Answer } from '../http/message/message.ts';

/** So long a request can be repeated. */
const keptFor = `interval '24 hours'`;

export interface Claim {
  /** Whose key it is: `key:AB12…`. Nobody meets another's answers. */
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface KeptAnswer {
  readonly fingerprint: string;
  readonly answer: Answer;
}

/**
 * Waiting for a transaction that claims the same key is left to the database, which knows when it ends, however it ends.
 * Later statements wait for locks as long as they otherwise would.
 */
const claimStatement = `INSERT INTO portolan.idempotent_answer AS a ("owner", "key", "fingerprint", "status", "headers", "body")
VALUES ($1, $2, $3, 0, '{}', '')
ON CONFLICT ("owner", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", "createdAt" = now()
WHERE a."createdAt" < now() - ${keptFor}
RETURNING set_config('lock_timeout', coalesce(nullif(current_setting('portolan.lock_timeout', true), ''), '0'), true)`;

const readStatement = `SELECT "fingerprint", "status", "headers", "body" FROM portolan.idempotent_answer
WHERE "owner" = $1 AND "key" = $2`;

/** @returns what is kept under the key, or undefined: then the key is claimed until the transaction ends */
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

/** @param answer with a text for its body */
export async function keep(session: Session, { owner, key }: Claim, answer: Answer): Promise<void> {
  const { status, headers = {}, body = '' } = answer;
  if (typeof body !== 'string') throw new Error('Only answers of text can be kept.');
  await session.query(keepStatement, [owner, key, status, JSON.stringify(headers), body], {
    name: 'idempotency-keep',
  });
}

/** Removes what has been kept long enough. */
export async function sweep(session: Session): Promise<void> {
  await session.query(`DELETE FROM portolan.idempotent_answer WHERE "createdAt" < now() - ${keptFor}`);
}
