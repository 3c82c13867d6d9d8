// Results as server-sent events: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#distinct-connections-mode

import type { ExecutionResult } from 'graphql';
import type { Answer } from '../../http/message/message.ts';

/** Proxies close idle connections, most of them after a minute. */
const heartbeatMs = 10_000;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Without it, nginx buffers the events.
  'x-accel-buffering': 'no',
};

/** @returns a response that streams the results, and closes them when the client disconnects */
export const streamAnswer = (results: AsyncIterator<ExecutionResult>): Answer => ({
  status: 200,
  headers,
  body: eventStream(results),
});

/** Whether a client accepts server-sent events. */
export const acceptsStream = (accept: string | undefined): boolean =>
  accept === undefined || /(?:^|[,\s])(?:text\/event-stream|text\/\*|\*\/\*)/i.test(accept);

function eventStream(results: AsyncIterator<ExecutionResult>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout;
  let left = false;
  return new ReadableStream({
    start(controller) {
      const beat = () => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'));
      };
      // The first ping lets clients know that they are connected.
      beat();
      heartbeat = setInterval(beat, heartbeatMs).unref();
    },
    async pull(controller) {
      const { done, value } = await results.next();
      if (left) return;
      if (!done) return controller.enqueue(encoder.encode(`event: next\ndata: ${JSON.stringify(value)}\n\n`));
      clearInterval(heartbeat);
      controller.enqueue(encoder.encode('event: complete\ndata:\n\n'));
      controller.close();
    },
    async cancel() {
      left = true;
      clearInterval(heartbeat);
      await results.return?.();
    },
  });
}
