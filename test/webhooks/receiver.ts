// A server that receives webhooks, and answers as the test says.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at all of it
  readonly event: any;
}

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Before it answers. */
  readonly delayMs?: number;
}

type Respond = (received: Received, count: number) => Reply;

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  respond: Respond;
  /** Resolves when a condition holds for what was received. */
  until(condition: (received: readonly Received[]) => boolean): Promise<readonly Received[]>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let changed = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const one = { path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) };
    received.push(one);
    const { status, headers, body: answer, delayMs = 0 } = receiver.respond(one, received.length);
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs));
    response.writeHead(status, headers).end(answer);
    changed.resolve();
    changed = Promise.withResolvers();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    respond: () => ({ status: 204 }),
    async until(condition) {
      while (!condition(received)) await changed.promise;
      return received;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return receiver;
}
