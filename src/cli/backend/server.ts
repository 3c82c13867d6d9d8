// The client of a running server: PORTOLAN_URL and PORTOLAN_API_KEY.

import { type Fault, fault } from '../../base/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface Server {
  /** @returns the JSON of the response, undefined if it is empty @throws Error with the server's message */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
}

const timeoutMs = 30_000;

/** Sends nothing yet. @throws INVALID_VALUE when a variable is missing or invalid */
export function connectServer(env: Terminal['env']): Server {
  const url = readUrl(env.PORTOLAN_URL || `http://localhost:${env.PORT || 3000}`);
  const key = env.PORTOLAN_API_KEY;
  if (!key)
    throw fault('INVALID_VALUE', 'PORTOLAN_API_KEY is missing. Set it to a key with the scope "admin".');

  async function send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': key!, accept: 'application/json', ...(body ? jsonType : {}) },
      body: body ? JSON.stringify(body) : undefined,
      // A redirect could carry the key to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(error => {
      throw unreachable(url, error);
    });
    const answer = await readJson(response);
    if (!response.ok) throw refused(response.status, answer);
    return answer;
  }

  return { send };
}

const jsonType = { 'content-type': 'application/json' };

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw fault('INVALID_VALUE', 'PORTOLAN_URL is not a URL.', {
    hint: 'Expected: https://portolan.example.com',
  });
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error(
      `The response did not come from Portolan (status ${response.status}). Check PORTOLAN_URL.`,
    );
  }
}

/** The server's own message and hint. */
function refused(status: number, answer: unknown): Error {
  const { error } = (answer ?? {}) as { error?: { message?: string; hint?: string; requestId?: string } };
  if (!error?.message) return new Error(`The server answered with status ${status}.`);
  const id = status >= 500 && error.requestId ? ` (request ${error.requestId})` : '';
  return new Error([error.message + id, error.hint].filter(Boolean).join('\n'));
}

function unreachable(url: string, error: unknown): Fault {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  const reason = cause?.code ?? cause?.message ?? message;
  return fault('UNAVAILABLE', `The server at ${url} cannot be reached: ${reason}.`, {
    hint: 'Check that it is running, and that PORTOLAN_URL is its address.',
    cause: error,
  });
}
