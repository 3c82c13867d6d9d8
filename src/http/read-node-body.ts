import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BoundedBytes, endedEarly, stalled, tooLarge } from './body.ts';

/** A body from which nothing comes for so long is given up. A whole upload has no limit but the server's own. */
const idleMs = 30_000;

/** @throws TOO_LARGE, MALFORMED_REQUEST when the client leaves, REQUEST_TIMEOUT when it stalls */
export function readNodeBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = new BoundedBytes(bytesMax);
    const add = (chunk: Buffer) => {
      if (!bytes.add(chunk)) refuse(tooLarge(bytesMax));
    };
    const refuse = (error: Error) => {
      request.off('data', add);
      reject(error);
    };
    request.on('data', add);
    request.once('end', () => resolve(bytes.whole()));
    request.once('error', () => refuse(endedEarly()));
    watchIdleness(request, refuse);
  });
}

/** The body as a web stream; it fails as `readNodeBody` does. */
export function streamNodeBody(request: IncomingMessage): ReadableStream<Uint8Array> {
  watchIdleness(request, error => request.destroy(error));
  return Readable.toWeb(request) as ReadableStream<Uint8Array>;
}

function watchIdleness(request: IncomingMessage, giveUp: (error: Error) => void): void {
  if (request.complete) return;
  const start = () => request.socket.setTimeout(idleMs);
  request.on('timeout', () => {
    // While read bytes wait for us, the silence is ours: the socket is paused.
    if (request.readableLength > 0) start();
    else giveUp(stalled());
  });
  request.once('end', () => request.socket.setTimeout(0));
  start();
}
