// Responses while the database is being opened and migrated: alive, but not ready.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '../../base/errors.ts';
import type { Answer } from '../message/message.ts';
import { failure, json } from '../message/respond.ts';
import { writeAnswer } from '../node/answer-node.ts';
import { NodeIncoming } from '../node/incoming-node.ts';
import { toOutgoing } from '../node/outgoing.ts';

/** The listener until the app is ready. */
export function answerStarting(request: IncomingMessage, response: ServerResponse): void {
  const received = new NodeIncoming(request, response);
  const answer = answerTo(received.path, received.id);
  writeAnswer(
    toOutgoing(answer, received, {
      crossOrigin: true,
      close: true,
      secure: false,
      limits: [],
    }),
    request,
    response,
  );
}

function answerTo(path: string, id: string): Answer {
  if (path === '/healthz') return json(200, { status: 'alive' });
  if (path === '/readyz')
    return json(503, { status: 'not ready', reasons: ['the server is starting'] }, retry);
  return failure(fault('UNAVAILABLE', 'The server is starting.', { headers: retry }), { id });
}

const retry = { 'retry-after': '2' };
