// POST /api/import: a CSV file in, the number of rows out.

import { createHash } from 'node:crypto';
import type { Config } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import { type Fault, fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { senderKey } from '../http/limits/request-limits.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { servedAs } from '../http/message/operation.ts';
import { failure, json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import { writtenBy } from '../query/change/actor.ts';
import { changeAccess } from '../query/change/check/access.ts';
import type { Engine } from '../query/engine.ts';
import { findEntity } from './find-entity.ts';
import { type ImportJob, type ImportOutcome, importFile } from './import-file.ts';
import { importOperations } from './import-operations.ts';
import { toImportOptions } from './upload/import-options.ts';
import { receiveUpload } from './upload/receive-upload.ts';
import { Slots } from './upload/slots.ts';
import type { SpoolFile } from './upload/spool-file.ts';
import type { Upload } from './upload/upload.ts';
import { type RoomBounds, type UploadPlace, UploadRoom } from './upload/upload-room.ts';

export interface ImportDeps {
  readonly engine: Pick<Engine, 'catalog'>;
  readonly database: Database;
  readonly idempotency: Idempotency;
  readonly config: Pick<Config, 'limits'>;
}

/** The limits that imports share. */
interface ImportQueue {
  readonly slots: Slots;
  readonly room: UploadRoom;
}

/** Uploads are on the disk while they arrive, and while they are queued. Documented in README.md. */
const roomBounds = (uploadBytesMax: number): RoomBounds => ({
  each: { uploads: 8, bytes: 2 * uploadBytesMax },
  all: { uploads: 32, bytes: 4 * uploadBytesMax },
});

/** Each import holds a connection for its whole length. */
const importsAtOnce = 2;

/** @returns the routes of the import API: `POST /api/import` as a form (`file`, `entity`, `mode`, `onError`, `delimiter`) or as a CSV body */
export function importRoutes(deps: ImportDeps): Route[] {
  const queue: ImportQueue = {
    slots: new Slots(importsAtOnce),
    room: new UploadRoom(roomBounds(deps.config.limits.uploadBytesMax)),
  };
  const handle = (request: Incoming, principal: Principal) => performImport(deps, queue, request, principal);
  return [{ ...servedAs(importOperations.import), handle, fail: toFailure }];
}

async function performImport(
  deps: ImportDeps,
  queue: ImportQueue,
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  checkMayWrite(principal);
  const declared = declaredBytes(request, deps.config.limits.uploadBytesMax);
  const place = queue.room.enter(senderKey(principal), declared);
  try {
    return await importUpload({ ...deps, slots: queue.slots, place }, request, principal);
  } finally {
    place.leave();
  }
}

/** @returns how much of the room is taken at once; what is longer than a file may be is refused before it is written */
function declaredBytes(request: Incoming, bytesMax: number): number {
  const length = Number(request.header('content-length') ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? Math.min(length, bytesMax) : 0;
}

async function importUpload(
  deps: ImportDeps & { readonly slots: Slots; readonly place: UploadPlace },
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  const { engine, config } = deps;
  const { catalog } = engine;
  const target = (options: ReadonlyMap<string, string>) => {
    const known = toImportOptions(options);
    const entity = findEntity(catalog, known.entity, principal);
    changeAccess(principal, entity, []);
    return { entity, options: known };
  };
  const upload = await receiveUpload(request, {
    bytesMax: config.limits.uploadBytesMax,
    place: deps.place,
    // Where the deps come in an order in which it is not known yet, this is decided after the upload.
    check: options => options.has('entity') && target(options),
  });
  try {
    const job = {
      ...target(upload.options),
      transaction: await transactionOf(deps, request, principal, upload),
      refused: (outcome: ImportOutcome) => toAnswer(outcome, request),
      principal,
      bytes: upload.file.read(),
      signal: request.signal,
    };
    return await deps.slots.run(() => importFile(job), request.signal);
  } finally {
    await upload.file.close();
  }
}

/** Under an Idempotency-Key, the answer is written with the rows. */
async function transactionOf(
  { database, idempotency }: ImportDeps,
  request: Incoming,
  principal: Principal,
  { options, file }: Upload,
): Promise<ImportJob<Answer>['transaction']> {
  const once = await idempotency.claimOf(request, principal, async () =>
    fingerprintOf('POST /api/import', JSON.stringify([...options].sort()), await contentHash(file)),
  );
  const answer = async (outcome: Promise<ImportOutcome>) => toAnswer(await outcome, request);
  // Its length is bounded by the file, not by time.
  const untimed = { ...writtenBy(principal, 'import'), statementTimeoutMs: 0 };
  if (!once) return work => database.transaction(session => answer(work(session)), untimed);
  return work =>
    once.perform(untimed, async session => ({
      answer: await answer(work(session)),
      keep: true,
    }));
}

/** Hashes only the file: the form around it has a different boundary each time. */
async function contentHash(file: SpoolFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.read()) hash.update(chunk);
  return hash.digest('hex');
}

/** Rejects a caller without any write scope before the file is read. */
function checkMayWrite({ scopes }: Principal): void {
  if ([...scopes].some(scope => scope === 'write' || scope.endsWith(':write'))) return;
  throw fault(
    'SCOPE_MISSING',
    'Importing needs the scope "write", or that of one set, such as "products:write".',
    {
      target: 'write',
    },
  );
}

function toAnswer({ refused, errorsTruncated, ...outcome }: ImportOutcome, request: Incoming): Answer {
  const { inserted, updated, failed, errors } = outcome;
  const counts = {
    imported: inserted + updated,
    inserted,
    updated,
    failed,
    errors,
    ...(errorsTruncated && { errorsTruncated }),
  };
  if (!refused) return json(200, counts);
  const refusal = fault(
    'ROWS_REFUSED',
    `${failed} of the file's rows cannot be imported, so nothing was imported.`,
    {
      hint: 'Fix the rows listed in "errors", or send onError=skip to import the others.',
    },
  );
  return failureWith(refusal, request, counts);
}

const nothing = { imported: 0, inserted: 0, updated: 0, failed: 0, errors: [] };

/** The same shape as a success, so that a client can read `imported` without checking. */
const toFailure = (error: Fault, request: Incoming): Answer => failureWith(error, request, nothing);

function failureWith(error: Fault, request: Incoming, counts: object): Answer {
  const { status, headers, body } = failure(error, request);
  return { status, headers, body: `${(body as string).slice(0, -1)},${JSON.stringify(counts).slice(1)}` };
}
