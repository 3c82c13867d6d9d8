import type { IncomingMessage } from 'node:http';
import { BoundedBytes, endedEarly, stalled, tooLarge } from '../message/body.ts';

/** A body from which nothing comes for so long is given up. A whole upload has no limit but the server's own. */
const idleBodyMs = 30_000;
/** Read ahead of whoever takes the stream. */
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

/** The body as a web stream. It fails as `readNodeBody` does, but for the length, which is its reader's to watch. */
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

/** @returns what gives the body up: the receiver hears of the error, and of nothing afterwards */
function receive(request: IncomingMessage, idleMs: number, receiver: Receiver): (error: Error) => void {
  let over = false;
  const finish = (tell: () => void) => {
    if (over) return;
    over = true;
    request.off('data', receiver.chunk);
    tell();
  };
  const fail = (error: Error) => finish(() => receiver.fail(error));
  // The client has gone before anybody listened: no event will tell of it any more.
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
    // While we are the ones who do not read on, the silence is ours.
    if (request.isPaused()) start();
    else giveUp(stalled());
  });
  request.once('end', () => request.socket.setTimeout(0));
  start();
}
