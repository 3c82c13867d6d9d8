// The rows of imports, and the files of those that have not ended.

import { randomUUID } from 'node:crypto';
import type { Database, Session } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';
import { senderKey } from '../../http/limits/request-limits.ts';
import {
  type ImportCounts,
  type ImportProblem,
  importColumns,
  type StoredImport,
  toStoredImport,
  visibleTo,
} from './stored-import.ts';

export interface NewImport {
  readonly principal: Principal;
  /** The set. */
  readonly entity: string;
  readonly fileName?: string;
  readonly options: ReadonlyMap<string, string>;
  /** The header of the file, for the rows at fault. */
  readonly header?: readonly string[];
  readonly bytes: number;
}

/** What an import that is recorded when it has ended ended with. */
export interface EndedImport extends ImportCounts {
  readonly state: 'done' | 'failed';
  readonly rows: number;
  readonly problem?: ImportProblem;
  readonly startedAt: Date;
}

const addText = `
INSERT INTO "portolan"."import" ("id", "state", "background", "principal", "name", "userId", "appId", "grantId", "familyId",
  "scopes", "entity", "fileName", "options", "bytes", "header")
VALUES ($1, 'queued', true, $2, $3, $4::uuid, $5, $6, $7, $8::text[], $9, $10, $11::jsonb, $12, $13::text[])`;

/** @returns the id of a new import, in the state `queued` */
export async function addImport(session: Session, given: NewImport): Promise<string> {
  const id = randomUUID();
  const { principal, entity, fileName, options, bytes, header = [] } = given;
  const { name, userId, appId, origin, scopes } = principal;
  const from = [appId ?? origin?.appId ?? null, origin?.grantId ?? null, origin?.familyId ?? null];
  const about = [entity, fileName ?? null, JSON.stringify(Object.fromEntries(options)), bytes, header];
  await session.query(addText, [id, senderKey(principal), name, userId, ...from, [...scopes], ...about]);
  return id;
}

const endedText = `
UPDATE "portolan"."import" SET "background" = false, "state" = $2, "rows" = $3, "bytesRead" = "bytes", "inserted" = $4,
  "updated" = $5, "failed" = $6, "problem" = $7::jsonb, "startedAt" = $8, "endedAt" = now()
WHERE "id" = $1`;

/** Records an import that ran in its request. */
export async function recordImport(session: Session, given: NewImport, ended: EndedImport): Promise<void> {
  const id = await addImport(session, given);
  const { state, rows, inserted, updated, failed, problem, startedAt } = ended;
  const counts = [rows, inserted, updated, failed];
  await session.query(endedText, [id, state, ...counts, toJson(problem), startedAt.toISOString()]);
}

const toJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Keeps the file until the import has ended. */
export async function addChunks(session: Session, id: string, file: AsyncIterable<Buffer>): Promise<void> {
  let number = 0;
  for await (const bytes of file)
    await session.query(
      'INSERT INTO "portolan"."import_chunk" ("importId", "number", "bytes") VALUES ($1, $2, $3)',
      [id, number++, bytes],
      { name: 'import_add_chunk' },
    );
}

/** @returns the file, a chunk at a time: no transaction is open meanwhile */
export async function* readChunks(database: Database, id: string): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const { rows } = await database.query(
      `SELECT encode("bytes", 'base64') FROM "portolan"."import_chunk" WHERE "importId" = $1 AND "number" = $2`,
      [id, number],
      { name: 'import_read_chunk' },
    );
    if (!rows[0]) return;
    yield Buffer.from(rows[0][0]!, 'base64');
  }
}

const deleteChunksText = 'DELETE FROM "portolan"."import_chunk" WHERE "importId" = $1';

const openText = `
SELECT count(*) FILTER (WHERE "principal" = $1), coalesce(sum("bytes") FILTER (WHERE "principal" = $1), 0),
  count(*), coalesce(sum("bytes"), 0)
FROM "portolan"."import" WHERE "state" IN ('queued', 'running')`;

export interface OpenImports {
  readonly imports: number;
  readonly bytes: number;
}

/** @returns the imports that have not ended, the caller's and all */
export async function openImports(
  session: Session,
  principal: Principal,
): Promise<{ readonly own: OpenImports; readonly all: OpenImports }> {
  const { rows } = await session.query(openText, [senderKey(principal)]);
  const [imports, bytes, allImports, allBytes] = rows[0]!.map(Number) as [number, number, number, number];
  return { own: { imports, bytes }, all: { imports: allImports, bytes: allBytes } };
}

export async function setJob(session: Session, id: string, jobId: string): Promise<void> {
  await session.query('UPDATE "portolan"."import" SET "jobId" = $2 WHERE "id" = $1', [id, jobId]);
}

/** @returns undefined for an unknown id */
export async function findImport(session: Session, id: string): Promise<StoredImport | undefined> {
  const { rows } = await session.query(
    `SELECT ${importColumns} FROM "portolan"."import" WHERE "id" = $1::uuid`,
    [id],
  );
  return rows[0] && toStoredImport(rows[0]);
}

/** @returns the imports that a caller may see, newest first */
export async function listImports(
  session: Session,
  principal: Principal,
  { take, before }: { readonly take: number; readonly before?: Date },
): Promise<StoredImport[]> {
  const { where, values } = visibleTo(principal);
  const at = values.length;
  const { rows } = await session.query(
    `SELECT ${importColumns} FROM "portolan"."import"
WHERE ${where} AND ($${at + 1}::timestamptz IS NULL OR "createdAt" < $${at + 1}::timestamptz)
ORDER BY "createdAt" DESC, "id" LIMIT $${at + 2}`,
    [...values, before?.toISOString() ?? null, take],
  );
  return rows.map(toStoredImport);
}

/** Ends an import that has not ended. @returns whether it was so */
export async function endImport(
  session: Session,
  id: string,
  state: 'failed' | 'cancelled',
  problem?: ImportProblem,
): Promise<boolean> {
  const { rowCount } = await session.query(
    `UPDATE "portolan"."import" SET "state" = $2, "problem" = $3::jsonb, "endedAt" = now()
WHERE "id" = $1::uuid AND "state" IN ('queued', 'running')`,
    [id, state, toJson(problem)],
  );
  await session.query(deleteChunksText, [id]);
  return rowCount > 0;
}

/** @returns the imports that should have a job, oldest first: of the last minute perhaps not yet */
export async function unendedImports(session: Session): Promise<Pick<StoredImport, 'id' | 'jobId'>[]> {
  const { rows } = await session.query(
    `SELECT "id", "jobId" FROM "portolan"."import"
WHERE "state" IN ('queued', 'running') AND "createdAt" < now() - interval '1 minute' ORDER BY "createdAt"`,
  );
  return rows.map(([id, jobId]) => ({ id: id!, jobId: jobId ?? null }));
}

/** Deletes a batch of imports that ended long ago. @returns how many */
export async function clearImports(session: Session, days: number, take: number): Promise<number> {
  const { rowCount } = await session.query(
    `DELETE FROM "portolan"."import" WHERE "id" IN (
  SELECT "id" FROM "portolan"."import" WHERE "endedAt" < now() - make_interval(days => $1::int) LIMIT $2)`,
    [days, take],
  );
  return rowCount;
}
