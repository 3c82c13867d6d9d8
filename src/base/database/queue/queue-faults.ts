// Errors for a credential that gets no connection.

import { type Fault, fault } from '../../errors.ts';

/** The credential's own requests are in its way. */
export const busy = (held: number): Fault =>
  fault('TOO_MANY_REQUESTS', `This credential has ${held} requests in the database, and more waiting.`, {
    hint: 'Send fewer requests at once, and ask for less in each.',
    headers: { 'retry-after': '2' },
  });

export const full = (): Fault =>
  fault('UNAVAILABLE', 'All connections to the database are in use.', {
    hint: 'Try again in a few seconds.',
    headers: { 'retry-after': '5' },
  });

export const slow = (ms: number): Fault =>
  fault('TOO_MANY_REQUESTS', 'A statement of this credential kept others waiting, and was ended.', {
    hint: 'Request less data at once.',
    headers: { 'retry-after': String(Math.ceil(ms / 1_000)) },
  });
