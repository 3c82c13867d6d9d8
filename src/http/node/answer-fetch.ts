import type { Outgoing } from './outgoing.ts';

/** @returns the answer as a fetch Response */
export function toFetchResponse({ status, headers, body }: Outgoing): Response {
  const list = new Headers();
  for (let i = 0; i < headers.length; i += 2) list.append(headers[i]!, headers[i + 1]!);
  return new Response(body as BodyInit | undefined, { status, headers: list });
}
