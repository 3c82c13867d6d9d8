// An upload -> its answer: the rows of the file are read, converted and written in one transaction.

import { createHash } from 'node:crypto';
import type { Config } from '../base/config/config.ts';
import type { Database, Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Idempotency, Performed } from '../idempotency/idempotency.ts';
import type { Job } from '../jobs/job.ts';
import type { Engine } from '../query/engine.ts';
import { permittedOf } from '../query/permitted/permitted-catalog.ts';
import { refusalOf, toAnswer } from './answer.ts';
import { type ImportPlan, matchColumns } from './columns/match-columns.ts';
import { findEntity } from './find-entity.ts';
import { acceptImport, type ImportPayload } from './history/accept-import.ts';
import { CountedSource } from './history/counted-source.ts';
import { type EndedImport, type NewImport, recordImport } from './history/import-store.ts';
import { type ImportOutcome, importRows } from './import-rows.ts';
import { openSource } from './read/open-source.ts';
import type { RowSource } from './read/source/row-source.ts';
import { type ImportOptions, toImportOptions } from './upload/import-options.ts';
import type { Slots } from './upload/slots.ts';
import type { Upload } from './upload/upload.ts';

export interface ImportDeps {
  readonly engine: Engine;
  readonly idempotency: Idempotency;
  readonly config: Pick<Config, 'limits'>;
  readonly slots: Slots;
  readonly database: Database;
  /** Imports that are answered before they run. */
  readonly job: Job<ImportPayload>;
}

/** Who sends the upload, and with which request. */
export interface Caller {
  readonly request: Incoming;
  readonly principal: Principal;
}

/** @throws Fault for what is wrong with the options or the file as a whole, SCOPE_MISSING; nothing is imported then */
export async function importUpload(deps: ImportDeps, upload: Upload, caller: Caller): Promise<Answer> {
  try {
    const target = toTarget(deps, upload.options, caller.principal);
    const isAsync = target.options.async || prefersAsync(caller.request);
    const transaction = await transactionOf(deps, upload, caller);
    const bytesMax = deps.config.limits.uploadBytesMax;
    const job = { ...deps, ...caller, ...target, upload, bytesMax, transaction };
    if (isAsync) return await queueFile(job);
    return await deps.slots.run(() => importFile(job), caller.request.signal);
  } finally {
    await upload.file.close();
  }
}

/** RFC 7240, section 4.1. */
const prefersAsync = (request: Incoming): boolean =>
  /(?:^|,)\s*respond-async\s*(?:[,;]|$)/i.test(request.header('prefer') ?? '');

export interface Target {
  readonly entity: Entity;
  readonly options: ImportOptions;
}

/** @returns what the options say @throws Fault for options that are wrong, SCOPE_MISSING */
export function toTarget(
  { engine }: Pick<ImportDeps, 'engine'>,
  input: ReadonlyMap<string, string>,
  principal: Principal,
): Target {
  const options = toImportOptions(input);
  const entity = findEntity(engine.permitted(principal), options.entity);
  engine.permitWrite(principal, entity);
  return { entity, options };
}

type Transaction = (work: (session: Session) => Promise<Performed>) => Promise<Answer>;

interface FileImport extends ImportDeps, Caller, Target {
  readonly upload: Upload;
  readonly bytesMax: number;
  readonly transaction: Transaction;
}

/** The header is checked before the file is accepted. */
async function queueFile(file: FileImport): Promise<Answer> {
  const { upload, options, bytesMax, job } = file;
  const source = await openSource(upload.file, options, bytesMax);
  await source.rows.return(undefined);
  planOf(file, source);
  const given = { ...toNewImport(file), header: source.header };
  return file.transaction(async session => ({
    answer: await acceptImport({ job, uploadBytesMax: bytesMax }, session, given, upload.file.read()),
    keep: true,
  }));
}

const toNewImport = ({ principal, entity, upload }: FileImport): NewImport => ({
  principal,
  entity: entity.set,
  fileName: upload.fileName,
  options: upload.options,
  bytes: upload.file.bytes,
});

/** The header is checked before a connection is taken. */
async function importFile(file: FileImport): Promise<Answer> {
  const { request, upload, options, transaction, database } = file;
  const startedAt = new Date();
  const counted = new CountedSource(upload.file);
  const source = counted.rows(await openSource(counted, options, file.bytesMax));
  let refused: ImportOutcome | undefined;
  const record = (session: Session, outcome: ImportOutcome) =>
    recordImport(session, toNewImport(file), toEnded(outcome, counted.count, startedAt));
  try {
    const plan = planOf(file, source);
    const answer = await transaction(async session => {
      const outcome = await importRows({ ...file, plan, source }, { session, signal: request.signal });
      if (outcome.refused) refused = outcome;
      else await record(session, outcome);
      return { answer: toAnswer(outcome, source.facts, request), keep: !outcome.refused };
    });
    // What was refused was rolled back.
    if (refused) await record(database, refused);
    return answer;
  } finally {
    await source.rows.return(undefined);
  }
}

const toEnded = (outcome: ImportOutcome, rows: number, startedAt: Date): EndedImport => {
  const { refused, inserted, updated, failed } = outcome;
  const { code, message, hint } = refusalOf(failed);
  return {
    ...{ inserted, updated, failed, rows, startedAt },
    state: refused ? 'failed' : 'done',
    ...(refused && { problem: { code, message, hint } }),
  };
};

/** @returns what becomes of the file's columns @throws what is wrong with the header, SCOPE_MISSING */
export function planOf(
  { engine, principal, entity, options }: Pick<FileImport, 'engine' | 'principal' | 'entity' | 'options'>,
  source: Pick<RowSource, 'header' | 'typed'>,
): ImportPlan {
  const { writable } = permittedOf(engine.permitted(principal), entity);
  const permit = (fields: ReadonlySet<string>) => engine.permitWrite(principal, entity, fields);
  return matchColumns(entity, source, { mode: options.mode, writable, permit });
}

/** Under an Idempotency-Key, the answer is written with the rows. */
async function transactionOf(
  { engine, idempotency }: ImportDeps,
  { options, file }: Upload,
  { request, principal }: Caller,
): Promise<Transaction> {
  const once = await idempotency.claimOf(request, principal, async () =>
    fingerprintOf('POST /api/import', JSON.stringify([...options].sort()), await contentHash(file)),
  );
  // Its length is bounded by the file, not by time.
  const untimed = { ...engine.writtenBy(principal, 'import'), statementTimeoutMs: 0 };
  return work => (once ?? idempotency.unclaimed).perform(untimed, work);
}

/** Hashes only the file: the form around it has a different boundary each time. */
async function contentHash(file: Upload['file']): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.read()) hash.update(chunk);
  return hash.digest('hex');
}
