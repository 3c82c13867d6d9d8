// POST /odata/$batch: several requests in one (OData 4.01 Part 1, 11.7).

import type { Session } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { toBody, toWholeBody } from '../../formats/streamed-body.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { fingerprintOf } from '../../idempotency/fingerprint.ts';
import { writtenBy } from '../../query/change/actor.ts';
import type { Handler } from '../model/handler.ts';
import type { Service } from '../model/service.ts';
import { accepts } from '../url/media-type.ts';
import { preference, withPreferences } from '../url/preferences.ts';
import { checkIsolation, checkVersion, versionOf, withVersion } from '../url/protocol.ts';
import { type BatchItem, isRead } from './batch-part.ts';
import { readJsonBatch } from './read-json-batch.ts';
import { boundaryOf, readMultipart } from './read-multipart.ts';
import { BatchRun } from './run-batch.ts';
import { writeJsonBatch } from './write-json-batch.ts';
import { type BatchBody, writeMultipart } from './write-multipart.ts';

type Format = 'multipart' | 'json';

/** @returns the handler of batches; `handler` answers each of their parts */
export function createBatch(service: Service, handler: Handler) {
  return async (request: Incoming, principal: Principal): Promise<Answer> => {
    checkVersion(request);
    checkIsolation(request);
    const { format, items } = await readBatch(service, request);
    const responseFormat = negotiate(request, format);
    const write = responseFormat === 'json' ? writeJsonBatch : writeMultipart;
    const { continueOnError, applied } = continuation(request, format);
    const start = (session?: Session) =>
      new BatchRun({ service, handler, request, principal, session, continueOnError });
    const toAnswer = ({ contentType }: BatchBody, body: Answer['body']): Answer =>
      withVersion(
        withPreferences({ status: 200, headers: { 'content-type': contentType, ...applied }, body }, request),
        request,
      );
    const once = await claimOf(service, request, principal, { items, format });
    if (once) {
      return once.perform(writtenBy(principal), async session => {
        const run = start(session);
        const body = write(run.run(items));
        const answer = toAnswer(body, await toWholeBody(body.chunks));
        return { answer, keep: run.wrote };
      });
    }
    const body = write(start().run(items));
    return toAnswer(body, await toBody(body.chunks));
  };
}

async function readBatch(
  { config }: Service,
  request: Incoming,
): Promise<{ format: Format; items: BatchItem[] }> {
  const type = request.header('content-type') ?? '';
  const { batchPartsMax, bodyBytesMax } = config.limits;
  if (/^\s*multipart\/mixed\b/i.test(type)) {
    const boundary = boundaryOf(type);
    const text = await request.text(bodyBytesMax);
    return { format: 'multipart', items: readMultipart(text, boundary, batchPartsMax) };
  }
  if (/^\s*application\/json\b/i.test(type)) {
    return { format: 'json', items: readJsonBatch(await request.text(bodyBytesMax), batchPartsMax) };
  }
  throw fault(
    'UNSUPPORTED_MEDIA_TYPE',
    'The Content-Type of a batch must be multipart/mixed or application/json.',
    {
      target: 'Content-Type',
    },
  );
}

/**
 * The format of the request, unless the client prefers the other one. JSON batches came with 4.01: older clients accept
 * JSON out of habit, and mean the format of the parts. @throws NOT_ACCEPTABLE
 */
function negotiate(request: Incoming, format: Format): Format {
  const accept = request.header('accept');
  const formats: Record<Format, string> = { multipart: 'multipart/mixed', json: 'application/json' };
  const other = format === 'json' ? 'multipart' : 'json';
  const ownQuality = accepts(accept, formats[format]);
  const otherQuality = accepts(accept, formats[other]);
  const isOld = format === 'multipart' && versionOf(request) === '4.0';
  if ((ownQuality > 0 && ownQuality >= otherQuality) || (isOld && otherQuality > 0)) return format;
  if (otherQuality > 0) return other;
  throw fault('NOT_ACCEPTABLE', 'A batch response is multipart/mixed or application/json.', {
    target: 'Accept',
  });
}

/** By default a JSON batch continues after an error, and a multipart batch stops at the first one (19.4; 11.7.7.5). */
function continuation(
  request: Incoming,
  format: Format,
): { continueOnError: boolean; applied: Readonly<Record<string, string>> } {
  const preferred = preference(request, 'continue-on-error')?.toLowerCase();
  if (preferred === undefined) return { continueOnError: format === 'json', applied: {} };
  const continueOnError = preferred !== 'false';
  const appliedPreference = `odata.continue-on-error${continueOnError ? '' : '=false'}`;
  return { continueOnError, applied: { 'preference-applied': appliedPreference } };
}

/** With an Idempotency-Key the whole batch is one transaction, so that it runs once or not at all. */
function claimOf(
  { idempotency }: Service,
  request: Incoming,
  principal: Principal,
  { items, format }: { readonly items: readonly BatchItem[]; readonly format: Format },
) {
  if (items.every(isRead)) return undefined;
  const parts = items.map(item => ({ ...item, parts: item.parts.map(part => [...part.headers, part]) }));
  return idempotency.claimOf(request, principal, () =>
    fingerprintOf('POST /odata/$batch', format, JSON.stringify(parts)),
  );
}
