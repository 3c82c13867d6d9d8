// The outcome of an import -> the response.

import { type Fault, fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { failure, json } from '../http/message/respond.ts';
import type { ImportOutcome } from './import-rows.ts';
import type { FileFacts } from './read/source/row-source.ts';

/** @returns 200 with the counts, or 422 if errors kept every row out */
export function toAnswer(
  { refused, errorsTruncated, ...outcome }: ImportOutcome,
  file: FileFacts,
  request: Incoming,
): Answer {
  const { inserted, updated, failed, errors } = outcome;
  const counts = {
    imported: inserted + updated,
    inserted,
    updated,
    failed,
    errors,
    ...(errorsTruncated && { errorsTruncated }),
    file,
  };
  if (!refused) return json(200, counts);
  return failureWith(refusalOf(failed), request, counts);
}

/** @param failed rows at fault */
export const refusalOf = (failed: number): Fault =>
  fault('ROWS_REFUSED', `${failed} of the file's rows cannot be imported, so nothing was imported.`, {
    hint: 'Fix the rows listed in "errors", or send onError=skip to import the others.',
  });

const nothing = { imported: 0, inserted: 0, updated: 0, failed: 0, errors: [] };

/** The same shape as a success, so that a client can read `imported` without checking. */
export const toFailure = (error: Fault, request: Incoming): Answer => failureWith(error, request, nothing);

function failureWith(error: Fault, request: Incoming, counts: object): Answer {
  const { status, headers, body } = failure(error, request);
  return { status, headers, body: `${(body as string).slice(0, -1)},${JSON.stringify(counts).slice(1)}` };
}
