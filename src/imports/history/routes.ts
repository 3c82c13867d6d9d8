// /api/imports: the history of imports, their progress, their errors, and how to cancel them.

import type { Database } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { isUuid } from '../../base/uuid.ts';
import { toBody } from '../../formats/streamed-body.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { json } from '../../http/message/respond.ts';
import type { Route } from '../../http/message/route.ts';
import type { Job } from '../../jobs/job.ts';
import type { ImportPayload } from './accept-import.ts';
import { errorsCsv } from './errors-csv.ts';
import { importEvents } from './import-events.ts';
import { endImport, findImport, listImports } from './import-store.ts';
import { toView } from './import-view.ts';
import { firstErrors } from './stored-errors.ts';
import { hasEnded, maySee, type StoredImport } from './stored-import.ts';

export interface HistoryDeps {
  readonly database: Database;
  readonly job: Job<ImportPayload>;
  readonly currentPrincipal: (former: Principal) => Promise<Principal | undefined>;
  /** Aborted when the server stops. */
  readonly ending: AbortSignal;
}

const prefix = '/api/imports/';
const takeDefault = 50;
const takeMax = 200;
const errorsShown = 100;

/** @returns `GET /api/imports`, and what is below it */
export function historyRoutes(deps: HistoryDeps): Route[] {
  return [
    { method: 'GET', path: '/api/imports', handle: (request, principal) => list(deps, request, principal) },
    { method: 'GET', path: '/api/imports/*', handle: (request, principal) => show(deps, request, principal) },
    {
      method: ['POST', 'DELETE'],
      path: '/api/imports/*',
      handle: (request, principal) => cancel(deps, request, principal),
    },
  ];
}

async function list({ database }: HistoryDeps, { query }: Incoming, principal: Principal): Promise<Answer> {
  const options = new URLSearchParams(query);
  const take = Number(options.get('take') ?? takeDefault);
  if (!Number.isInteger(take) || take < 1 || take > takeMax)
    throw fault('INVALID_VALUE', `"take" must be a number from 1 to ${takeMax}.`, { target: 'take' });
  const before = options.has('before') ? new Date(options.get('before')!) : undefined;
  if (before && Number.isNaN(before.getTime()))
    throw fault('INVALID_VALUE', '"before" must be a time, such as the "createdAt" of the last import.', {
      target: 'before',
    });
  const found = await listImports(database, principal, { take, before });
  return json(200, { imports: found.map(one => toView(one)) }, noStore);
}

async function show(deps: HistoryDeps, request: Incoming, principal: Principal): Promise<Answer> {
  const [id = '', part, ...more] = request.path.slice(prefix.length).split('/');
  if (more.length > 0) throw unknown();
  const found = await find(deps.database, id, principal);
  if (part === undefined) {
    const errors = await firstErrors(deps.database, id, errorsShown);
    return json(200, { ...toView(found), errors }, noStore);
  }
  if (part === 'errors') return sendErrors(deps.database, id);
  if (part === 'events') return watch(deps, request, principal, id);
  throw unknown();
}

async function sendErrors(database: Database, id: string): Promise<Answer> {
  const headers = {
    ...noStore,
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="import-${id}-errors.csv"`,
  };
  return { status: 200, headers, body: await toBody(errorsCsv(database, id)) };
}

function watch(
  { database, currentPrincipal, ending }: HistoryDeps,
  request: Incoming,
  principal: Principal,
  id: string,
): Answer {
  const look = async () => {
    // The credential may have been revoked meanwhile.
    const current = await currentPrincipal(principal);
    const found = current && (await findImport(database, id));
    return found && maySee(current, found) ? toView(found) : undefined;
  };
  return importEvents({ look, signal: AbortSignal.any([request.signal, ending]) });
}

/** `DELETE /api/imports/<id>`, or `POST /api/imports/<id>/cancel`. What is committed stays. */
async function cancel(
  { database, job }: HistoryDeps,
  { method, path }: Incoming,
  principal: Principal,
): Promise<Answer> {
  const [id = '', part, ...more] = path.slice(prefix.length).split('/');
  const isKnown = method === 'DELETE' ? part === undefined : part === 'cancel' && more.length === 0;
  if (!isKnown) throw unknown();
  const found = await find(database, id, principal);
  if (hasEnded(found.state)) return json(200, toView(found), noStore);
  if (found.jobId !== null) await job.cancel(found.jobId);
  await endImport(database, id, 'cancelled');
  return json(200, toView((await findImport(database, id))!), noStore);
}

async function find(database: Database, id: string, principal: Principal): Promise<StoredImport> {
  const found = isUuid(id) ? await findImport(database, id) : undefined;
  if (!found || !maySee(principal, found)) throw unknown();
  return found;
}

const unknown = () =>
  fault('NOT_FOUND', 'There is no such import.', { hint: 'GET /api/imports lists yours.' });

const noStore = { 'cache-control': 'no-store' };
