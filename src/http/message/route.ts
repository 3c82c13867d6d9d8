import type { Fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from './message.ts';

/** One place where requests are answered. */
export interface Route {
  /** GET serves HEAD too. */
  readonly method: string | readonly string[];
  /** Exact (`/api/query`), or, when it ends in `/*`, a prefix: `/odata/*` serves `/odata` and everything below. */
  readonly path: string;
  /** No credential needed: the handler is given the anonymous principal. */
  readonly open?: true;
  /** It answers nothing but JSON: whoever accepts none is told so, before anything is done. */
  readonly json?: true;
  /** The query holds what no log may. */
  readonly secretQuery?: true;
  readonly handle: (request: Incoming, principal: Principal) => Promise<Answer> | Answer;
  /** The door's own form of an error; where absent, the JSON form of respond.ts. */
  readonly fail?: (error: Fault, request: Incoming) => Answer;
}

/** Routes that belong together: one label in the metrics, one policy for pages of other origins. */
export interface Door {
  readonly name: string;
  /** Whether web pages of any origin may call it, with a key in a header. */
  readonly crossOrigin?: true;
  readonly routes: readonly Route[];
}
