// JSON bodies of the platform's own routes: an object with known members only, each of the expected type.

import { type Fault, fault } from '../../base/errors.ts';
import { isObject } from '../../base/is-object.ts';
import { didYouMean } from '../../base/near-name.ts';
import { refuseRepeatedMembers } from '../../base/received-json.ts';
import { isJsonType } from './json-type.ts';
import type { Incoming } from './message.ts';

const bodyBytesMax = 65_536;

export type Members = Readonly<Record<string, unknown>>;

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, UNKNOWN_ARGUMENT */
export async function readMembers(request: Incoming, known: readonly string[]): Promise<Members> {
  const value = await readJsonObject(request, bodyBytesMax);
  const unknown = Object.keys(value).find(name => !known.includes(name));
  if (unknown === undefined) return { ...value };
  throw fault('UNKNOWN_ARGUMENT', `Unknown member "${unknown.slice(0, 100)}".`, {
    target: unknown,
    hint: didYouMean(unknown, known) ?? `Expected: ${known.join(', ')}.`,
  });
}

/** @returns the body, an object with any members @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, TOO_LARGE */
export async function readJsonObject(request: Incoming, bytesMax: number): Promise<Members> {
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

/** @throws INVALID_VALUE, as all of the following */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, 'a string');
}

/** null removes the current value. */
export const textOrNullIn = (members: Members, name: string): string | null | undefined =>
  members[name] === null ? null : textIn(members, name);

export function flagIn(members: Members, name: string): boolean | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalid(name, 'true or false');
}

export function textsIn(members: Members, name: string): readonly string[] | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value;
  throw invalid(name, 'a list of strings');
}

/** @returns the value @throws INVALID_VALUE if it is missing */
export function required<Value>(value: Value | undefined, name: string, expected: string): Value {
  if (value !== undefined) return value;
  throw invalid(name, expected);
}

export const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
