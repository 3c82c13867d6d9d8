import type { Fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from './message.ts';
import type { Operation } from './operation.ts';

/** A path, its methods, and the handler of its requests. */
export interface Route {
  /** GET serves HEAD too. */
  readonly method: string | readonly string[];
  /**
   * Exact (`/api/query`), with parameters (`/api/keys/{id}`), or, when it ends in `/*`, a prefix: `/odata/*` serves `/odata`
   * and everything below.
   */
  readonly path: string;
  /** No credential needed: the handler gets the anonymous principal. */
  readonly open?: true;
  /** It returns only JSON: a request that does not accept JSON is rejected before any work is done. */
  readonly json?: true;
  /** It is answered even if the server is overloaded. */
  readonly always?: true;
  /** The query string holds secrets that must not be logged. */
  readonly secretQuery?: true;
  /** How it is documented; absent for pages and for protocols with a description of their own. */
  readonly operation?: Operation;
  readonly handle: (request: Incoming, principal: Principal) => Promise<Answer> | Answer;
  /** Formats errors of this API; default: the JSON form of respond.ts. */
  readonly fail?: (error: Fault, request: Incoming) => Answer;
}

/** Routes that belong together: one label in the metrics, one policy for pages of other origins. */
export interface RouteGroup {
  readonly name: string;
  /** Whether web pages of any origin may call it, with a key in a header. */
  readonly crossOrigin?: true;
  readonly routes: readonly Route[];
}
