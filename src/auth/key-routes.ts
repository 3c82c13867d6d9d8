// The REST door for API keys, which the command line uses: /api/keys.

import { type Fault, fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Answer, Incoming } from '../http/message.ts';
import { json } from '../http/respond.ts';
import type { Route } from '../http/route.ts';
import type { Auth } from './create-auth.ts';
import { readIsoTime } from './iso-time.ts';
import type { Principal } from './principal.ts';

const path = '/api/keys';
const bodyBytesMax = 10_000;
/** Answers that hold a key must stay in no cache. */
const noStore = { 'cache-control': 'no-store' };

/** List, create and revoke; each needs the scope `admin`. */
export function keyRoutes({ auth }: { auth: Auth }): Route[] {
  const list = async (_: Incoming, caller: Principal): Promise<Answer> => {
    requireAdmin(caller);
    return json(200, { keys: await auth.keys.list() }, noStore);
  };

  const create = async (request: Incoming, caller: Principal): Promise<Answer> => {
    requireAdmin(caller);
    const { name, scopes, expiresAt, owner } = await readWanted(request);
    const whose = owner === undefined ? { userId: caller.userId } : { email: owner };
    return json(201, await auth.keys.create({ name, scopes, expiresAt, ...whose }, caller), noStore);
  };

  const revoke = async (request: Incoming, caller: Principal): Promise<Answer> => {
    requireAdmin(caller);
    const [id = ''] = request.path.slice(path.length + 1).split('/');
    await auth.keys.revoke(id);
    return { status: 204 };
  };

  return [
    { method: 'GET', path, handle: list },
    { method: 'POST', path, handle: create },
    { method: 'DELETE', path: `${path}/*`, handle: revoke },
  ];
}

function requireAdmin({ scopes }: Principal): void {
  if (scopes.has('admin')) return;
  throw fault('SCOPE_MISSING', 'API keys need the scope "admin".', { target: 'admin' });
}

interface Wanted {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
  readonly owner?: string;
}

const members = ['name', 'scopes', 'expiresAt', 'owner'];

async function readWanted(request: Incoming): Promise<Wanted> {
  const body = await readObject(request);
  const unknown = Object.keys(body).find(name => !members.includes(name));
  if (unknown !== undefined)
    throw fault('UNKNOWN_ARGUMENT', `A key has no "${unknown}".`, {
      target: unknown,
      hint: didYouMean(unknown, members) ?? `Expected: ${members.join(', ')}.`,
    });
  const { name, scopes, expiresAt, owner } = body;
  if (typeof name !== 'string') throw invalid('name', 'a text');
  if (!isTexts(scopes)) throw invalid('scopes', 'a list of texts');
  if (owner !== undefined && typeof owner !== 'string') throw invalid('owner', 'an e-mail address');
  return { name, scopes, owner, expiresAt: toExpiry(expiresAt) };
}

async function readObject(request: Incoming): Promise<Record<string, unknown>> {
  // Forms of foreign web pages can send no JSON, so a browser's stored Basic credential cannot be abused.
  if (!/^application\/json\s*(;|$)/i.test(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.', {
      hint: 'Content-Type: application/json',
    });
  const value = parse(await request.text(bodyBytesMax));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw fault('MALFORMED_REQUEST', 'The body must be a JSON object.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat a piece of the body.
    throw fault('INVALID_JSON', 'The body is not JSON.');
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string');

function toExpiry(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const time = typeof value === 'string' ? readIsoTime(value) : undefined;
  if (time) return time;
  throw invalid('expiresAt', 'a time such as 2027-01-01 or 2027-01-01T12:00:00Z');
}

const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
