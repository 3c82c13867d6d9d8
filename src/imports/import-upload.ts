// An upload -> its answer: the rows of the file are read, converted and written in one transaction.

import { createHash } from 'node:crypto';
import type { Config } from '../base/config/config.ts';
import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Idempotency, Performed } from '../idempotency/idempotency.ts';
import type { Mappers } from '../mappers/services/create-mappers.ts';
import type { Engine } from '../query/engine.ts';
import { permittedOf } from '../query/permitted/permitted-catalog.ts';
import { toAnswer } from './answer.ts';
import { type ImportPlan, matchColumns } from './columns/match-columns.ts';
import { importRows } from './import-rows.ts';
import { type Target, targetOf } from './import-target.ts';
import { type MappedPlan, planOfMapper } from './mapped/plan.ts';
import { openSource } from './read/open-source.ts';
import type { RowSource } from './read/source/row-source.ts';
import { toImportOptions } from './upload/import-options.ts';
import type { Slots } from './upload/slots.ts';
import type { Upload } from './upload/upload.ts';

export interface ImportDeps {
  readonly engine: Engine;
  readonly idempotency: Idempotency;
  readonly mappers: Pick<Mappers, 'use'>;
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
    const target = await targetOf(deps, toImportOptions(upload.options), caller);
    const bytesMax = deps.config.limits.uploadBytesMax;
    const transaction = await transactionOf(deps, upload, caller);
    return await deps.slots.run(
      () => importFile({ ...deps, ...caller, target, upload, bytesMax, transaction }),
      caller.request.signal,
    );
  } finally {
    await upload.file.close();
  }
}

type Transaction = (work: (session: Session) => Promise<Performed>) => Promise<Answer>;

interface FileImport extends Pick<ImportDeps, 'engine'>, Caller {
  readonly target: Target;
  readonly upload: Upload;
  readonly bytesMax: number;
  readonly transaction: Transaction;
}

/** The header is checked before a connection is taken. */
async function importFile({ transaction, target, ...job }: FileImport): Promise<Answer> {
  const { request, principal, engine, upload, bytesMax } = job;
  const source = await openSource(upload.file, target.source, bytesMax);
  try {
    const plan = planOf(job, target, source);
    const rows = { ...target, engine, principal, plan, source, mapper: target.mapper?.mapper };
    return await transaction(async session => {
      const outcome = await importRows(rows, { session, signal: request.signal });
      const { dryRun, mapper } = target;
      const answer = toAnswer(outcome, { file: source.facts, dryRun, mapper }, request);
      return { answer, keep: !outcome.refused && !dryRun };
    });
  } finally {
    await source.rows.return(undefined);
  }
}

function planOf(
  { engine, principal }: Pick<FileImport, 'engine' | 'principal'>,
  { entity, mode, mapper }: Target,
  source: RowSource,
): ImportPlan | MappedPlan {
  if (mapper) return planOfMapper(mapper.mapper, source);
  const { writable } = permittedOf(engine.permitted(principal), entity);
  const permit = (fields: ReadonlySet<string>) => engine.permitWrite(principal, entity, fields);
  return matchColumns(entity, source, { mode, writable, permit });
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
