// Runs one request through oidc-provider, which expects node:http objects. It gets only the headers and cookies it needs.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { inject, type Response } from 'light-my-request';
import type { Answer } from '../http/message/message.ts';
import { type Call, duringCall } from './call.ts';

export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
  /** Names and values of cookies, as received. */
  readonly cookies?: readonly (readonly [name: string, value: string])[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Response headers that are passed on to the client. */
const forwardedHeaders = [
  'content-type',
  'location',
  'www-authenticate',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'vary',
  'content-security-policy',
] as const;

/** oidc-provider as node:http would call it. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export async function runProvider(
  handle: Handle,
  issuer: string,
  call: Call,
  request: ProviderRequest,
): Promise<Answer> {
  const { method, path, query, form } = request;
  const sent = {
    method,
    url: query ? `${path}?${query}` : path,
    headers: toHeaders(issuer, request),
    payload: form?.toString(),
    remoteAddress: call.request.address,
  };
  // `inject` starts when it is awaited, which must happen inside `duringCall`.
  const response = await duringCall(call, async () => await inject(handle as never, sent));
  return toAnswer(response);
}

/** Host and scheme come from PUBLIC_URL, never from the request: oidc-provider builds addresses and cookies from them. */
function toHeaders(issuer: string, { form, cookies, headers }: ProviderRequest): Record<string, string> {
  const { host, protocol } = new URL(issuer);
  const present = Object.entries(headers ?? {}).filter((entry): entry is [string, string] => !!entry[1]);
  return {
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    accept: 'application/json',
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(cookies?.length && { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') }),
    ...Object.fromEntries(present),
  };
}

function toAnswer({ statusCode, headers, payload }: Response): Answer {
  const shown: Record<string, string> = {};
  for (const name of forwardedHeaders) {
    const value = headers[name];
    if (value !== undefined) shown[name] = String(value);
  }
  const cookies = [headers['set-cookie'] ?? []].flat().map(String);
  return { status: statusCode, headers: shown, cookies, body: payload };
}
