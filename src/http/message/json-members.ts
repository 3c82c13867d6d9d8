// JSON bodies of the platform's own routes: an object of known members only, each of its type.

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
  if (!isJsonType(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.', {
      hint: 'Content-Type: application/json',
    });
  const text = await request.text(bodyBytesMax);
  const value = parse(text);
  refuseRepeatedMembers(text);
  if (!isObject(value)) throw fault('MALFORMED_REQUEST', 'The body must be a JSON object.');
  const unknown = Object.keys(value).find(name => !known.includes(name));
  if (unknown === undefined) return { ...value };
  throw fault('UNKNOWN_ARGUMENT', `There is no "${unknown.slice(0, 100)}" here.`, {
    target: unknown,
    hint: didYouMean(unknown, known) ?? `Expected: ${known.join(', ')}.`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat a piece of the body.
    throw fault('INVALID_JSON', 'The body is not JSON.');
  }
}

/** @throws INVALID_VALUE, as all of the following */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, 'a text');
}

/** null takes away what is there. */
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
  throw invalid(name, 'a list of texts');
}

/** @returns what was found @throws INVALID_VALUE where it is not there */
export function required<Value>(value: Value | undefined, name: string, expected: string): Value {
  if (value !== undefined) return value;
  throw invalid(name, expected);
}

export const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
