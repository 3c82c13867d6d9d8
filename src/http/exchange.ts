import type { Lane } from '../base/lane.ts';
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
  /** Whose share of connections and memory it uses, and its cost so far. */
  lane?: Lane;
  /** Rate limit headers: names and values in turn. Present if the request was admitted. */
  limits?: readonly string[];
}

/** The result of a request. */
export interface Outcome {
  /** 499 if the client disconnected before the response was ready. */
  readonly status: number;
  readonly durationMs: number;
  /** In units of `costUnits`; 0 for a request that was not admitted. */
  readonly cost: number;
}

/** Adds up what each credential used. */
export interface UsageRecorder {
  record(exchange: Exchange, outcome: Outcome): void;
}

export const clientGone = 499;
