// JSON bodies of the routes for people: known members only, each of its type.

import { type Role, roles } from '../auth/roles.ts';
import { type Fault, fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Incoming } from '../http/message.ts';

const bodyBytesMax = 10_000;

type Members = Readonly<Record<string, unknown>>;

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, UNKNOWN_ARGUMENT */
export async function readMembers(request: Incoming, known: readonly string[]): Promise<Members> {
  if (!/^application\/json\s*(;|$)/i.test(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.', {
      hint: 'Content-Type: application/json',
    });
  const value = parse(await request.text(bodyBytesMax));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault('MALFORMED_REQUEST', 'The body must be a JSON object.');
  const unknown = Object.keys(value).find(name => !known.includes(name));
  if (unknown !== undefined)
    throw fault('UNKNOWN_ARGUMENT', `There is no "${unknown.slice(0, 100)}" here.`, {
      target: unknown,
      hint: didYouMean(unknown, known) ?? `Expected: ${known.join(', ')}.`,
    });
  return { ...value };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat a piece of the body.
    throw fault('INVALID_JSON', 'The body is not JSON.');
  }
}

export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, 'a text');
}

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

/** null: no role, exactly what the scopes say. */
export function roleIn(members: Members): Role | null | undefined {
  const { role } = members;
  if (role === undefined || role === null || roles.includes(role as Role))
    return role as Role | null | undefined;
  const hint = typeof role === 'string' ? didYouMean(role, roles) : undefined;
  throw fault('INVALID_VALUE', `"role" must be one of ${roles.join(', ')}, or null.`, {
    target: 'role',
    hint,
  });
}

const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
