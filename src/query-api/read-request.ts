import { fault } from '../base/errors.ts';
import { type Params, paramsFromBody, paramsFromQuery } from '../graphql/http/params.ts';
import { isJsonType } from '../http/message/json-type.ts';
import type { Incoming } from '../http/message/message.ts';

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON with line and column, MALFORMED_REQUEST, TOO_LARGE */
export async function readRequest(request: Incoming, bodyBytesMax: number): Promise<Params> {
  if (request.method === 'GET') return paramsFromQuery(request.query);
  const contentType = request.header('content-type');
  if (contentType && !isJsonType(contentType)) throw notJson(contentType);
  return paramsFromBody(await request.text(bodyBytesMax));
}

const notJson = (contentType: string) =>
  fault('UNSUPPORTED_MEDIA_TYPE', `The body must be application/json, not ${contentType}.`, {
    hint: 'Send the header Content-Type: application/json.',
    headers: { accept: 'application/json' },
  });
