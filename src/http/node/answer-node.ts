import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outgoing } from './outgoing.ts';

/** How long the rest of an unread body is drained, so that its sender can read the response. */
const lingerMs = 10_000;

/**
 * Writes a response. A stream is read no faster than the client reads, and cancelled when the client disconnects.
 * @returns a promise only for a stream @throws what the stream throws, after closing the connection, so that the client cannot mistake a partial response for a complete one
 */
export function writeAnswer(
  outgoing: Outgoing,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  // The client may or may not send a body without "100 Continue", so the connection cannot be reused.
  if (!request.complete && request.headers.expect !== undefined) response.shouldKeepAlive = false;
  response.writeHead(outgoing.status, outgoing.headers);
  if (!request.complete) response.once('finish', () => linger(request));
  if (outgoing.body instanceof ReadableStream) return writeStream(outgoing.body, response);
  response.end(outgoing.body);
  return undefined;
}

async function writeStream(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  response.once('close', () => void reader.cancel().catch(() => {}));
  response.flushHeaders();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (!response.write(part.value)) await drained(response);
    }
    response.end();
  } catch (error) {
    if (response.destroyed) return;
    response.destroy();
    throw error;
  }
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
    if (response.destroyed) done();
  });

function linger(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMs).unref();
  request.once('close', () => clearTimeout(timer));
}
