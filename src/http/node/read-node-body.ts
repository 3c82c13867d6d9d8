import type { IncomingMessage } from 'node:http';
import { BoundedBytes, endedEarly, stalled, tooLarge } from '../message/body.ts';

/** A body that sends nothing for this long is abandoned. Whole uploads are limited only by the server's request timeout. */
const idleBodyMs = 30_000;
/** How far to read ahead of the consumer. */
const aheadBytes = 131_072;

interface Receiver {
  readonly chunk: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

/** @throws TOO_LARGE, MALFORMED_REQUEST when the client leaves, REQUEST_TIMEOUT when it stalls */
export function readNodeBody(
  request: IncomingMessage,
  bytesMax: number,
  idleMs = idleBodyMs,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = new BoundedBytes(bytesMax);
    const fail = receive(request, idleMs, {
      chunk: chunk => bytes.add(chunk) || fail(tooLarge(bytesMax)),
      end: () => resolve(bytes.whole()),
      fail: reject,
    });
  });
}

/** The body as a web stream. It fails like `readNodeBody`, except that its consumer must limit the length. */
export function streamNodeBody(
  request: IncomingMessage,
  idleMs = idleBodyMs,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let fail: (error: Error) => void;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        fail = receive(request, idleMs, {
          chunk(chunk) {
            controller.enqueue(chunk as Buffer<ArrayBuffer>);
            if ((controller.desiredSize ?? 0) <= 0) request.pause();
          },
          end: () => controller.close(),
          fail: error => controller.error(error),
        });
      },
      pull: () => void request.resume(),
      cancel: () => fail(endedEarly()),
    },
    { highWaterMark: aheadBytes, size: chunk => chunk.byteLength },
  );
}

/** @returns a function that abandons the body: the receiver gets the error, and no event after it */
function receive(request: IncomingMessage, idleMs: number, receiver: Receiver): (error: Error) => void {
  let over = false;
  const finish = (notify: () => void) => {
    if (over) return;
    over = true;
    request.off('data', receiver.chunk);
    notify();
  };
  const fail = (error: Error) => finish(() => receiver.fail(error));
  // The client left before there was a listener, so no event will follow.
  if (request.destroyed && !request.readableEnded) fail(endedEarly());
  request.on('data', receiver.chunk);
  request.once('end', () => finish(receiver.end));
  request.once('error', () => fail(endedEarly()));
  watchIdleness(request, idleMs, fail);
  return fail;
}

function watchIdleness(request: IncomingMessage, idleMs: number, giveUp: (error: Error) => void): void {
  if (request.complete) return;
  const start = () => request.socket.setTimeout(idleMs);
  request.on('timeout', () => {
    // The body is paused by this side, so the client is not the one stalling.
    if (request.isPaused()) start();
    else giveUp(stalled());
  });
  request.once('end', () => request.socket.setTimeout(0));
  start();
}
