import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outgoing } from './outgoing.ts';

/** For so long the rest of a body that nobody read is taken in, so that its sender gets to read the answer. */
const lingerMs = 10_000;

/**
 * Writes an answer. A stream is read no faster than the client takes it, and cancelled when the client goes away.
 * @returns a promise for a stream only @throws what the stream throws, after cutting the connection, so that the client cannot take the part for the whole
 */
export function writeAnswer(
  outgoing: Outgoing,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  // A body that was never invited may still come, or not: nothing else can follow on this connection.
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
