// POST /api/import: a file in, the number of rows out. /api/imports: the imports so far.

import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { toFailure } from './answer.ts';
import type { ImportPayload } from './history/accept-import.ts';
import { clearOldImports } from './history/clear-imports.ts';
import { type HistoryDeps, historyRoutes } from './history/routes.ts';
import { type ImportDeps, importUpload, toTarget } from './import-upload.ts';
import { importJob } from './run-import.ts';
import { Admission } from './upload/admission.ts';
import { receiveUpload } from './upload/receive-upload.ts';
import { Slots } from './upload/slots.ts';

/** Each import holds a connection for its whole length. */
const importsAtOnce = 2;

export interface ImportApiDeps
  extends Omit<ImportDeps, 'slots' | 'job'>,
    Pick<HistoryDeps, 'currentPrincipal' | 'ending'> {
  readonly jobs: Pick<JobQueue, 'define'>;
}

/**
 * @returns the routes of the import API: `POST /api/import` with a form (`file`, `entity` and the options) or with the file
 *   as the body, and `/api/imports`
 */
export function importRoutes(deps: ImportApiDeps): Route[] {
  const { uploadBytesMax } = deps.config.limits;
  const admission = new Admission(uploadBytesMax);
  const slots = new Slots(importsAtOnce);
  const job = deps.jobs.define<ImportPayload>(importJob({ ...deps, slots }, importsAtOnce));
  deps.jobs.define({
    name: 'clear-imports',
    schedule: '37 * * * *',
    async run() {
      while (await clearOldImports(deps.database, job));
    },
  });
  const shared = { ...deps, slots, job };
  const handle = (request: Incoming, principal: Principal): Promise<Answer> =>
    admission.admit(request, principal, async place => {
      // Where the parts come in an order in which it is not known yet, this is decided after the upload.
      const check = (options: ReadonlyMap<string, string>) =>
        options.has('entity') && toTarget(shared, options, principal);
      const upload = await receiveUpload(request, { bytesMax: uploadBytesMax, place, check });
      return importUpload(shared, upload, { request, principal });
    });
  return [
    { method: 'POST', path: '/api/import', handle, fail: toFailure },
    ...historyRoutes({ ...deps, job }),
  ];
}
