// One request to oidc-provider, which wants what node:http gives: it is shown what we choose, and no more than it needs.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { inject, type Response } from 'light-my-request';
import type { Answer } from '../http/message/message.ts';
import { type Call, duringCall } from './call.ts';

export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
  /** Names and values of cookies, as they came. */
  readonly cookies?: readonly (readonly [name: string, value: string])[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** What may reach the client. */
const shownHeaders = [
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
  wanted: ProviderRequest,
): Promise<Answer> {
  const { method, path, query, form } = wanted;
  const sent = {
    method,
    url: query ? `${path}?${query}` : path,
    headers: toHeaders(issuer, wanted),
    payload: form?.toString(),
    remoteAddress: call.request.address,
  };
  // `inject` begins when it is awaited, which must be during the call.
  const response = await duringCall(call, async () => await inject(handle as never, sent));
  return toAnswer(response);
}

/** Host and scheme are those of PUBLIC_URL, whatever the request says: addresses and cookies are made from them. */
function toHeaders(issuer: string, { form, cookies, headers }: ProviderRequest): Record<string, string> {
  const { host, protocol } = new URL(issuer);
  const given = Object.entries(headers ?? {}).filter((entry): entry is [string, string] => !!entry[1]);
  return {
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    accept: 'application/json',
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(cookies?.length && { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') }),
    ...Object.fromEntries(given),
  };
}

function toAnswer({ statusCode, headers, payload }: Response): Answer {
  const shown: Record<string, string> = {};
  for (const name of shownHeaders) {
    const value = headers[name];
    if (value !== undefined) shown[name] = String(value);
  }
  const cookies = [headers['set-cookie'] ?? []].flat().map(String);
  return { status: statusCode, headers: shown, cookies, body: payload };
}
