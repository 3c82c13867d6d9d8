import type { Principal } from '../base/principal.ts';
import type { Received } from './message/message.ts';
import type { Match } from './router.ts';

/** One request and what is known about it: input for the log and the metrics at its end. */
export interface Exchange {
  readonly request: Received;
  /** `performance.now()` at its beginning. */
  readonly startedAt: number;
  match?: Match;
  principal?: Principal;
  /** The credential or address whose share of connections and memory it uses. */
  lane?: string;
  /** Rate limit headers: names and values in turn. */
  limits?: readonly string[];
}

/** The result of a request. */
export interface Outcome {
  /** 499 if the client disconnected before the response was ready. */
  readonly status: number;
  readonly durationMs: number;
}

export const clientGone = 499;
