// An upload -> its answer: the rows of the file are read, converted and written in one transaction.

import { createHash } from 'node:crypto';
import type { Config } from '../base/config/config.ts';
import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Idempotency, Performed } from '../idempotency/idempotency.ts';
import type { Engine } from '../query/engine.ts';
import { permittedOf } from '../query/permitted/permitted-catalog.ts';
import { toAnswer } from './answer.ts';
import { type ImportPlan, matchColumns } from './columns/match-columns.ts';
import { findEntity } from './find-entity.ts';
import { importRows } from './import-rows.ts';
import { openCsv } from './read/csv.ts';
import type { RowSource } from './read/row-source.ts';
import { type ImportOptions, toImportOptions } from './upload/import-options.ts';
import type { Slots } from './upload/slots.ts';
import type { Upload } from './upload/upload.ts';

export interface ImportDeps {
  readonly engine: Engine;
  readonly idempotency: Idempotency;
  readonly config: Pick<Config, 'limits'>;
  readonly slots: Slots;
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
    const transaction = await transactionOf(deps, upload, caller);
    return await deps.slots.run(
      () => importFile({ ...deps, ...caller, ...target, upload, transaction }),
      caller.request.signal,
    );
  } finally {
    await upload.file.close();
  }
}

interface Target {
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

interface FileImport extends Pick<ImportDeps, 'engine'>, Caller, Target {
  readonly upload: Upload;
  readonly transaction: Transaction;
}

/** The header is checked before a connection is taken. */
async function importFile({ transaction, ...job }: FileImport): Promise<Answer> {
  const { request, upload, options } = job;
  const source = await openCsv(upload.file.read(), options.delimiter);
  try {
    const plan = planOf(job, source);
    return await transaction(async session => {
      const outcome = await importRows({ ...job, plan, source }, { session, signal: request.signal });
      return { answer: toAnswer(outcome, request), keep: !outcome.refused };
    });
  } finally {
    await source.rows.return(undefined);
  }
}

function planOf(
  { engine, principal, entity, options }: Omit<FileImport, 'transaction'>,
  { header }: RowSource,
): ImportPlan {
  const { writable } = permittedOf(engine.permitted(principal), entity);
  const permit = (fields: ReadonlySet<string>) => engine.permitWrite(principal, entity, fields);
  return matchColumns(entity, header, { mode: options.mode, writable, permit });
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
