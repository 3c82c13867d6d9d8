// The background job that runs a stored import: from its beginning where all rows count or none, else from the last rows
// that were committed.

import { setInterval } from 'node:timers';
import type { Config } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import { Fault, fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { JobContext, JobDefinition } from '../jobs/job.ts';
import type { Engine } from '../query/engine.ts';
import { refusalOf } from './answer.ts';
import type { ImportPayload } from './history/accept-import.ts';
import { CountedSource } from './history/counted-source.ts';
import {
  endRun,
  ImportTaken,
  type RunStart,
  saveStep,
  showProgress,
  startRun,
} from './history/import-run.ts';
import { endImport, readChunks } from './history/import-store.ts';
import type { RowAtFault } from './history/stored-errors.ts';
import type { ImportProblem } from './history/stored-import.ts';
import { type ImportRun, importInSteps } from './import-in-steps.ts';
import { importRows } from './import-rows.ts';
import { planOf, type Target, toTarget } from './import-upload.ts';
import { openSource } from './read/open-source.ts';
import { cellText } from './rows/fault-list.ts';
import type { Slots } from './upload/slots.ts';
import { SpoolFile } from './upload/spool-file.ts';

export interface RunDeps {
  readonly database: Database;
  readonly engine: Engine;
  readonly slots: Slots;
  readonly config: Pick<Config, 'limits'>;
  /** @returns what the caller can do now; undefined for nothing */
  readonly currentPrincipal: (former: Principal) => Promise<Principal | undefined>;
}

const attemptsMax = 20;
const daySeconds = 86_400;
const progressMs = 1_000;
/** Where no row is imported, more errors than these help nobody. */
const refusedErrorsMax = 1_000;

export const importJob = (deps: RunDeps, concurrency: number): JobDefinition<ImportPayload> => ({
  name: 'import',
  concurrency,
  retry: { limit: attemptsMax, delaySeconds: 1 },
  timeoutSeconds: daySeconds,
  resumes: true,
  run: ({ importId }, context) => runImport(deps, importId, context),
});

async function runImport(deps: RunDeps, id: string, { signal, attempt }: JobContext): Promise<void> {
  const start = await startRun(deps.database, id);
  if (!start) return;
  try {
    await deps.slots.run(() => perform(deps, start, signal), signal);
  } catch (error) {
    if (error instanceof ImportTaken) return;
    if (signal.aborted || (isTransient(error) && attempt <= attemptsMax)) throw error;
    await endImport(deps.database, id, 'failed', toProblem(error));
    if (!(error instanceof Fault)) throw error;
  }
}

/** What is no fault of the file or the caller may be over at the next run. */
const isTransient = (error: unknown): boolean => !(error instanceof Fault) || error.status >= 500;

function toProblem(error: unknown): ImportProblem {
  if (!(error instanceof Fault))
    return { code: 'INTERNAL', message: 'The import failed because of an error in the server.' };
  const { code, message, hint } = error;
  return { code, message, ...(hint !== undefined && { hint }) };
}

async function perform(deps: RunDeps, start: RunStart, signal: AbortSignal): Promise<void> {
  const principal = await deps.currentPrincipal(start.former);
  if (!principal) throw credentialGone();
  const target = toTarget(deps, new Map(Object.entries(start.options)), principal);
  // The embedded database's one connection cannot give the file to the transaction that writes its rows.
  const file = await SpoolFile.open();
  try {
    await file.write(readChunks(deps.database, start.id), chunks => chunks, signal);
    await importFile(deps, { ...target, principal, start, signal }, file);
  } finally {
    await file.close();
  }
}

interface Started extends Target {
  readonly principal: Principal;
  readonly start: RunStart;
  readonly signal: AbortSignal;
}

async function importFile(
  {
    database,
    engine,
    config: {
      limits: { uploadBytesMax },
    },
  }: RunDeps,
  { start, signal, ...target }: Started,
  file: SpoolFile,
): Promise<void> {
  const counted = new CountedSource(file);
  const source = counted.rows(await openSource(counted, target.options, uploadBytesMax));
  try {
    const job = { ...target, engine, source, plan: planOf({ ...target, engine }, source) };
    const untimed = { ...engine.writtenBy(target.principal, 'import'), statementTimeoutMs: 0 };
    const run = { database, start, signal, counted, untimed, job };
    await (target.options.onError === 'skip' ? importInSteps(run) : importAtOnce(run));
  } finally {
    await source.rows.return(undefined);
  }
}

/** All rows in one transaction, with the end of the import. */
async function importAtOnce(run: ImportRun): Promise<void> {
  const { database, start, signal, counted, untimed } = run;
  const errors: RowAtFault[] = [];
  const report: ImportRun['job']['report'] = ({ cells }, faults) => {
    if (errors.length < refusedErrorsMax) errors.push({ cells: cells.map(cellText), faults });
  };
  const step = (counts: { inserted: number; updated: number; failed: number }) => ({
    ...counts,
    savedRow: counted.lastRow,
    rows: counted.count,
    bytesRead: counted.bytesRead,
    errors,
  });
  const stop = reportProgress(run);
  try {
    await database.transaction(async session => {
      const outcome = await importRows({ ...run.job, report }, { session, signal });
      if (outcome.refused) throw new Refused(outcome.failed);
      await saveStep(session, start, step(outcome));
      await endRun(session, start, 'done');
    }, untimed);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { failed } = error;
    await database.transaction(async session => {
      await saveStep(session, start, step({ inserted: 0, updated: 0, failed }));
      await endRun(session, start, 'failed', toProblem(refusalOf(failed)));
    });
  } finally {
    stop();
  }
}

/** Thrown to roll back. */
class Refused extends Error {
  readonly failed: number;

  constructor(failed: number) {
    super('Rows were refused');
    this.failed = failed;
  }
}

/** On another connection than the transaction's: the embedded database has no other. */
function reportProgress({ database, start, counted }: ImportRun): () => void {
  if (database.kind === 'embedded') return () => {};
  let shown = 0;
  const timer = setInterval(() => {
    const { count: rows, bytesRead } = counted;
    if (rows === shown) return;
    shown = rows;
    showProgress(database, start, { rows, bytesRead }).catch(() => {});
  }, progressMs).unref();
  return () => clearInterval(timer);
}

const credentialGone = () =>
  fault('INVALID_CREDENTIAL', 'The credential that made the import has been revoked or has expired.', {
    hint: 'Send the file again with another credential.',
  });
