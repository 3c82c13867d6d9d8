import type { Principal } from '../base/principal.ts';
import type { Received } from './message/message.ts';
import type { Match } from './router.ts';

/** One request on its way through the app: what the log and the metrics are told at its end. */
export interface Exchange {
  readonly request: Received;
  /** `performance.now()` at its beginning. */
  readonly startedAt: number;
  match?: Match;
  principal?: Principal;
  /** Whose share of connections and memory it takes. */
  lane?: string;
  /** Headers that tell where its sender stands: names and values in turn. */
  limits?: readonly string[];
}

/** What became of it. */
export interface Outcome {
  /** 499 where the client went away before the answer was ready. */
  readonly status: number;
  readonly durationMs: number;
}

export const clientGone = 499;
