import type { Fault } from '../../base/errors.ts';
import type { Answer, Incoming } from './message.ts';

type Headers = Readonly<Record<string, string>>;

/** @param value a JSON value; a string is sent as it is, as JSON text */
export function json(status: number, value: unknown, headers?: Headers): Answer {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status, headers: headers ? { ...jsonType, ...headers } : jsonType, body };
}

export function text(status: number, body: string, headers?: Headers): Answer {
  return { status, headers: headers ? { ...textType, ...headers } : textType, body };
}

/** The error format of every JSON API: code and message, and optionally hint, target, location and details. */
export function failure(error: Fault, request: Pick<Incoming, 'id'>): Answer {
  const { code, message, hint, target, location, details } = error;
  const shown = { code, message, hint, target, location, details, requestId: request.id };
  return json(error.status, { error: shown }, error.headers);
}

const jsonType: Headers = { 'content-type': 'application/json; charset=utf-8' };
const textType: Headers = { 'content-type': 'text/plain; charset=utf-8' };
