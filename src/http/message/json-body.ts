import { fault } from '../../base/errors.ts';
import { isObject } from '../../base/is-object.ts';
import { refuseRepeatedMembers } from '../../base/received-json.ts';
import { isJsonType } from './json-type.ts';
import type { Incoming } from './message.ts';

/** @returns the body, an object with any members @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, TOO_LARGE */
export async function readJsonObject(
  request: Incoming,
  bytesMax: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isJsonType(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.', {
      hint: 'Content-Type: application/json',
    });
  const text = await request.text(bytesMax);
  const value = parse(text);
  refuseRepeatedMembers(text);
  if (isObject(value)) return value;
  throw fault('MALFORMED_REQUEST', 'The body must be a JSON object.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat part of the body.
    throw fault('INVALID_JSON', 'The body is not valid JSON.');
  }
}
