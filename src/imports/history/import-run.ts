// One run of a stored import: what it reads and writes. Only the latest run may write, so that an instance that was cut off
// and goes on cannot write rows twice.

import type { Database, Session } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';
import type { RowAtFault } from './stored-errors.ts';
import { addErrors } from './stored-errors.ts';
import type { ImportCounts, ImportProblem } from './stored-import.ts';

/** Thrown when the import was cancelled, or when a later run has taken it over. */
export class ImportTaken extends Error {
  constructor() {
    super('The import was cancelled, or another run has taken it over.');
  }
}

export interface RunStart extends ImportCounts {
  readonly id: string;
  readonly attempt: number;
  /** Its permissions are those at the upload. */
  readonly former: Principal;
  readonly options: Readonly<Record<string, string>>;
  readonly savedRow: number;
  /** Rows read up to `savedRow`. */
  readonly rows: number;
}

export interface Step extends ImportCounts {
  readonly savedRow: number;
  readonly rows: number;
  readonly bytesRead: number;
  readonly errors: readonly RowAtFault[];
}

const startText = `
UPDATE "portolan"."import" SET "state" = 'running', "attempt" = "attempt" + 1, "startedAt" = coalesce("startedAt", now())
WHERE "id" = $1::uuid AND "state" IN ('queued', 'running')
RETURNING jsonb_build_object('attempt', "attempt", 'principal', "principal", 'name', "name", 'userId', "userId",
  'appId', "appId", 'grantId', "grantId", 'familyId', "familyId", 'scopes', "scopes", 'options', "options",
  'savedRow', "savedRow", 'rows', "rows", 'inserted', "inserted", 'updated', "updated", 'failed', "failed")`;

/** @returns undefined for an import that has ended */
export async function startRun(database: Database, id: string): Promise<RunStart | undefined> {
  const { rows } = await database.query(startText, [id]);
  if (!rows[0]) return undefined;
  const { principal, name, userId, appId, grantId, familyId, scopes, ...run } = JSON.parse(rows[0][0]!);
  return { ...run, id, former: toPrincipal({ principal, name, userId, appId, grantId, familyId, scopes }) };
}

interface Columns {
  readonly principal: string;
  readonly name: string;
  readonly userId: string;
  readonly appId: string | null;
  readonly grantId: string | null;
  readonly familyId: string | null;
  readonly scopes: readonly string[];
}

function toPrincipal({ principal, name, userId, appId, grantId, familyId, scopes }: Columns): Principal {
  const [word, id = ''] = principal.split(':');
  const origin =
    appId === null ? undefined : { appId, ...(grantId && { grantId }), ...(familyId && { familyId }) };
  const kind = word === 'key' ? 'key' : word === 'user' ? 'session' : 'token';
  return Object.freeze({
    kind,
    id: kind === 'session' ? userId : id,
    userId,
    ...(word === 'app' && { appId: appId! }),
    origin,
    name,
    scopes: new Set(scopes),
    scopeKey: scopes.join(' '),
  });
}

type Run = Pick<RunStart, 'id' | 'attempt'>;

const stepText = `
UPDATE "portolan"."import" SET "savedRow" = $3, "rows" = $4, "bytesRead" = $5, "inserted" = $6, "updated" = $7, "failed" = $8
WHERE "id" = $1 AND "attempt" = $2 AND "state" = 'running'`;

/** Records what the transaction of the session has written. @throws ImportTaken, to roll it back */
export async function saveStep(session: Session, run: Run, step: Step): Promise<void> {
  const { savedRow, rows, bytesRead, inserted, updated, failed, errors } = step;
  const { rowCount } = await session.query(stepText, [
    ...[run.id, run.attempt, savedRow, rows, bytesRead],
    ...[inserted, updated, failed],
  ]);
  if (rowCount === 0) throw new ImportTaken();
  await addErrors(session, run.id, errors);
}

/** @throws ImportTaken */
export async function endRun(
  session: Session,
  run: Run,
  state: 'done' | 'failed',
  problem?: ImportProblem,
): Promise<void> {
  const { rowCount } = await session.query(
    `UPDATE "portolan"."import" SET "state" = $3, "problem" = $4::jsonb, "endedAt" = now(),
  "bytesRead" = CASE $3 WHEN 'done' THEN "bytes" ELSE "bytesRead" END
WHERE "id" = $1 AND "attempt" = $2 AND "state" = 'running'`,
    [run.id, run.attempt, state, problem === undefined ? null : JSON.stringify(problem)],
  );
  if (rowCount === 0) throw new ImportTaken();
  await session.query('DELETE FROM "portolan"."import_chunk" WHERE "importId" = $1', [run.id]);
}

/** Shows how far the file was read, though nothing is committed yet. */
export async function showProgress(
  database: Database,
  run: Run,
  { rows, bytesRead }: { readonly rows: number; readonly bytesRead: number },
): Promise<void> {
  await database.query(
    `UPDATE "portolan"."import" SET "rows" = $3, "bytesRead" = $4 WHERE "id" = $1 AND "attempt" = $2 AND "state" = 'running'`,
    [run.id, run.attempt, rows, bytesRead],
  );
}
