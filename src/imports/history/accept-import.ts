// An upload -> a queued import, answered before anything of it is written.

import type { Session } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Answer } from '../../http/message/message.ts';
import { json } from '../../http/message/respond.ts';
import type { Job } from '../../jobs/job.ts';
import {
  addChunks,
  addImport,
  type NewImport,
  type OpenImports,
  openImports,
  setJob,
} from './import-store.ts';

export interface ImportPayload {
  readonly importId: string;
}

/** Of one caller, and of all together; the bytes in files of the maximum size. */
const openMax = { own: { imports: 20, files: 2 }, all: { imports: 200, files: 8 } };

export interface AcceptDeps {
  readonly job: Job<ImportPayload>;
  readonly uploadBytesMax: number;
}

/** @returns 202 with the address of the import @throws TOO_MANY_REQUESTS, UNAVAILABLE */
export async function acceptImport(
  { job, uploadBytesMax }: AcceptDeps,
  session: Session,
  given: NewImport,
  file: AsyncIterable<Buffer>,
): Promise<Answer> {
  await checkRoom(session, given.principal, given.bytes, uploadBytesMax);
  const id = await addImport(session, given);
  await addChunks(session, id, file);
  const jobId = await job.send({ importId: id }, { singletonKey: id, session });
  await setJob(session, id, jobId!);
  return json(202, { id, state: 'queued' }, { location: `/api/imports/${id}` });
}

async function checkRoom(
  session: Session,
  principal: Principal,
  bytes: number,
  uploadBytesMax: number,
): Promise<void> {
  const { own, all } = await openImports(session, principal);
  const isFull = (open: OpenImports, max: typeof openMax.own) =>
    open.imports >= max.imports || (open.imports > 0 && open.bytes + bytes > max.files * uploadBytesMax);
  if (isFull(own, openMax.own))
    throw fault('TOO_MANY_REQUESTS', 'Too many of your imports have not ended.', retryLater);
  if (isFull(all, openMax.all)) throw fault('UNAVAILABLE', 'Too many imports have not ended.', retryLater);
}

const retryLater = {
  hint: 'Wait until one of them has ended: GET /api/imports lists them.',
  headers: { 'retry-after': '30' },
};
