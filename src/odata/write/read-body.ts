// The body of a write request. Unknown parameters of the content type are ignored, and a part of a batch may have no
// content type at all.

import { fault } from '../../base/errors.ts';
import { numberText, parseExactJson } from '../../base/exact-json.ts';
import { isObject } from '../../base/is-object.ts';
import { nestedDeeperThan } from '../../base/nesting.ts';
import { refuseRepeatedMembers } from '../../base/received-json.ts';
import { BoundedBytes, tooLarge } from '../../http/message/body.ts';
import { isJsonType } from '../../http/message/json-type.ts';
import type { Incoming } from '../../http/message/message.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Levels of nested lists and objects, more than any model needs. */
const levelsMax = 100;

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON */
export function toJsonObject(text: string, request: Pick<Incoming, 'header'>): JsonObject {
  const type = request.header('content-type');
  if (type !== undefined && !isJsonType(type)) {
    throw fault(
      'UNSUPPORTED_MEDIA_TYPE',
      `The Content-Type must be application/json, not ${type.slice(0, 100)}.`,
      {
        target: 'Content-Type',
      },
    );
  }
  const value = parseJson(text);
  if (isRecord(value)) return value;
  throw fault('INVALID_JSON', 'The body must be a JSON object.', {
    hint: text.trim() === '' ? 'It is empty.' : undefined,
  });
}

/** @throws INVALID_JSON, LIMIT_EXCEEDED */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = parseExactJson(text.trim() === '' ? 'null' : text);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep();
    throw fault('INVALID_JSON', `The body is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (nestedDeeperThan(value, levelsMax)) throw tooDeep();
  refuseRepeatedMembers(text);
  return value;
}

const tooDeep = () => fault('LIMIT_EXCEEDED', `The body is nested more than ${levelsMax} levels deep.`);

/** Exact numbers are kept as objects with their text, which are not JSON objects. */
export const isRecord = (value: unknown): value is JsonObject =>
  isObject(value) && numberText(value) === undefined;

/** @returns the body's bytes in base64 @throws TOO_LARGE */
export async function readBytes(request: Incoming, bytesMax: number): Promise<string> {
  const bytes = new BoundedBytes(bytesMax);
  for await (const chunk of request.stream()) if (!bytes.add(chunk)) throw tooLarge(bytesMax);
  return bytes.whole().toString('base64');
}
