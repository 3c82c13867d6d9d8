// The client of a running server: PORTOLAN_URL and PORTOLAN_API_KEY.

import { type Fault, fault } from '../../base/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
  /** @returns the JSON of the response, undefined if it is empty @throws Error with the server's message */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
}

const timeoutMs = 30_000;

/** Sends nothing yet. @throws INVALID_VALUE when a variable is missing or invalid */
export function connectServer(env: Terminal['env']): Server {
  const url = readUrl(env.PORTOLAN_URL || `http://localhost:${env.PORT || 3000}`);
  const key = env.PORTOLAN_API_KEY;
  if (!key)
    throw fault('INVALID_VALUE', 'PORTOLAN_API_KEY is missing.', {
      hint: 'Set it, or use --key. Managing keys, users and apps takes a key with the scope "admin".',
    });

  return { url, key, send: (method, path, body) => send({ url, key }, { method, path, body }) };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Default: the time limit of a short request. */
  readonly signal?: AbortSignal;
}

async function send(server: Pick<Server, 'url' | 'key'>, call: Call): Promise<unknown> {
  const response = await request(server, call);
  const answer = parseAnswer(response.status, await response.text());
  if (!response.ok) throw refused(response.status, answer);
  return answer;
}

/** @returns the response, whatever its status @throws UNAVAILABLE */
export function request({ url, key }: Pick<Server, 'url' | 'key'>, call: Call): Promise<Response> {
  const { method, path, body, signal = AbortSignal.timeout(timeoutMs) } = call;
  return fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': key, accept: 'application/json', ...(body ? jsonType : {}) },
    body: body ? JSON.stringify(body) : undefined,
    // A redirect could carry the key to another host.
    redirect: 'error',
    signal,
  }).catch(error => {
    throw unreachable(url, error);
  });
}

const jsonType = { 'content-type': 'application/json' };

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw fault('INVALID_VALUE', 'PORTOLAN_URL is not a URL.', {
    hint: 'Expected: https://portolan.example.com',
  });
}

/** @returns the JSON of a response, undefined if it is empty @throws Error */
export function parseAnswer(status: number, text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error(`The response did not come from Portolan (status ${status}). Check PORTOLAN_URL.`);
  }
}

/** @returns an error with the server's own message and hint */
export function refused(status: number, answer: unknown): Error {
  const { error } = (answer ?? {}) as { error?: { message?: string; hint?: string; requestId?: string } };
  if (!error?.message) return new Error(`The server answered with status ${status}.`);
  const id = status >= 500 && error.requestId ? ` (request ${error.requestId})` : '';
  return new Error([error.message + id, error.hint].filter(Boolean).join('\n'));
}

/** @param error what the connection failed with */
export function unreachable(url: string, error: unknown): Fault {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  const reason = cause?.code ?? cause?.message ?? message;
  return fault('UNAVAILABLE', `The server at ${url} cannot be reached: ${reason}.`, {
    hint: 'Check that it is running, and that PORTOLAN_URL is its address.',
    cause: error,
  });
}
