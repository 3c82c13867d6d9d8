// For handlers that need a real fetch Request and give a Response. It costs more than the rest of the entry together.

import type { Answer, Incoming, Received } from './message.ts';

/** @returns the request as a fetch Request, its body streaming. Its body can no longer be read from `incoming` then. */
export function toFetchRequest(incoming: Incoming): Request {
  const { method, path, query, signal } = incoming;
  const url = origin(incoming) + (query ? `${path}?${query}` : path);
  const headers = new Headers();
  if (isReceived(incoming)) for (const [name, value] of incoming.headers()) headers.set(name, value);
  const body = method === 'GET' ? undefined : incoming.stream();
  return new Request(url, { method, headers, body, signal, duplex: 'half' } as RequestInit);
}

export function fromFetchResponse(response: Response): Answer {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body ?? undefined,
  };
}

const isReceived = (incoming: Incoming): incoming is Received => 'headers' in incoming;

function origin(incoming: Incoming): string {
  const given = `http://${incoming.header('host') ?? 'localhost'}`;
  return URL.canParse(given) ? given : 'http://localhost';
}
