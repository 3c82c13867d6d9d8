// POST /api/import: a file in, the number of rows out.

import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { toFailure } from './answer.ts';
import { type ImportDeps, importUpload, toTarget } from './import-upload.ts';
import { Admission } from './upload/admission.ts';
import { receiveUpload } from './upload/receive-upload.ts';
import { Slots } from './upload/slots.ts';

/** Each import holds a connection for its whole length. */
const importsAtOnce = 2;

/** @returns the routes of the import API: `POST /api/import` with a form (`file`, `entity` and the options) or with the file as the body */
export function importRoutes(deps: Omit<ImportDeps, 'slots'>): Route[] {
  const { uploadBytesMax } = deps.config.limits;
  const admission = new Admission(uploadBytesMax);
  const shared = { ...deps, slots: new Slots(importsAtOnce) };
  const handle = (request: Incoming, principal: Principal): Promise<Answer> =>
    admission.admit(request, principal, async place => {
      // Where the parts come in an order in which it is not known yet, this is decided after the upload.
      const check = (options: ReadonlyMap<string, string>) =>
        options.has('entity') && toTarget(shared, options, principal);
      const upload = await receiveUpload(request, { bytesMax: uploadBytesMax, place, check });
      return importUpload(shared, upload, { request, principal });
    });
  return [{ method: 'POST', path: '/api/import', handle, fail: toFailure }];
}
