// The stages of a request, and the two entry points of the server.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientAddress } from '../base/config/client-address.ts';
import { Fault, fault } from '../base/errors.ts';
import { inLane, type Lane } from '../base/lane.ts';
import type { Logger } from '../base/log.ts';
import type { Principal } from '../base/principal.ts';
import type { AccessLog } from './access-log.ts';
import { AnswerShare } from './answer-share.ts';
import { checkAcceptEncoding } from './compression/accept-encoding.ts';
import { encodeAnswer } from './compression/encode-answer.ts';
import { clientGone, type Exchange, type UsageRecorder } from './exchange.ts';
import type { Overload } from './limits/overload.ts';
import { costUnits, type RequestLimits, senderKey } from './limits/request-limits.ts';
import { requireJsonAccepted } from './message/accept.ts';
import { withChallenge } from './message/insufficient-scope.ts';
import { mask } from './message/mask.ts';
import type { Answer, Incoming, Received } from './message/message.ts';
import { failure } from './message/respond.ts';
import type { RouteGroup } from './message/route.ts';
import type { Metrics } from './metrics.ts';
import { toFetchResponse } from './node/answer-fetch.ts';
import { writeAnswer } from './node/answer-node.ts';
import { FetchIncoming } from './node/incoming-fetch.ts';
import { NodeIncoming } from './node/incoming-node.ts';
import { type Outgoing, toOutgoing } from './node/outgoing.ts';
import { createRouter } from './router.ts';

export interface EntryDeps {
  readonly routeGroups: readonly RouteGroup[];
  readonly authenticate: (request: Incoming) => Promise<Principal> | Principal;
  /** The principal for handlers of open routes. */
  readonly anonymous: Principal;
  readonly log: Logger;
  readonly accessLog: AccessLog;
  readonly metrics: Metrics;
  /** Whether the server is stopping: responses then ask the client to close the connection. */
  readonly draining: () => boolean;
  readonly limits: RequestLimits;
  readonly overload: Pick<Overload, 'admit'>;
  readonly usage: UsageRecorder;
  readonly clientAddress: ClientAddress;
  /** Whether the server is reached over HTTPS. */
  readonly secure: boolean;
}

export interface Entries {
  /** @param from the client's address, if another HTTP server calls this; default: this process */
  fetch(request: Request, from?: { readonly address: string }): Promise<Response>;
  /** For node:http, at about half the cost of a fetch Request and Response. */
  listener(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Maximum characters of path and query; `maxHeaderSize` limits them together with the headers. */
const targetLengthMax = 30_000;

export function createEntries(deps: EntryDeps): Entries {
  const entries = new RequestEntries(deps);
  // node:http and callers get them as functions of their own.
  return {
    fetch: (request, from) => entries.fetch(request, from),
    listener: (request, response) => entries.listener(request, response),
  };
}

class RequestEntries implements Entries {
  readonly #deps: EntryDeps;
  readonly #router;
  readonly #answers = new AnswerShare();

  constructor(deps: EntryDeps) {
    this.#deps = deps;
    this.#router = createRouter(deps.routeGroups);
  }

  /** Until the credential is known, the address has its share of what is shared fairly. */
  #serve(exchange: Exchange): Promise<Outgoing> {
    return inLane(`address:${exchange.request.address}`, lane => this.#answer(exchange, lane));
  }

  async #answer(exchange: Exchange, lane: Lane): Promise<Outgoing> {
    const { overload, anonymous, limits } = this.#deps;
    const { request } = exchange;
    exchange.lane = lane;
    try {
      checkTarget(request);
      exchange.match = this.#router.match(request.method, request.path);
      const { route } = exchange.match;
      if (!route.always) overload.admit();
      const principal = route.open ? anonymous : await this.#identify(request);
      exchange.principal = principal;
      if (!route.open) exchange.limits = limits.admit(principal);
      if (route.json) requireJsonAccepted(request.header('accept'));
      checkAcceptEncoding(request);
      if (!route.open) lane.name = senderKey(principal);
      this.#answers.admit(lane.name);
      const encoded = encodeAnswer(await route.handle(request, principal), request);
      // Awaiting a value that is not a promise would cost a microtask.
      return this.#finish(exchange, encoded instanceof Promise ? await encoded : encoded);
    } catch (error) {
      return this.#finish(exchange, await encodeAnswer(this.#refuse(exchange, error), request));
    }
  }

  async #identify(request: Received): Promise<Principal> {
    try {
      return await this.#deps.authenticate(request);
    } catch (error) {
      // A once valid credential always gets 401, so that its client knows to renew it.
      if (error instanceof Fault && error.code === 'INVALID_CREDENTIAL' && !error.genuine)
        await this.#deps.limits.refused(request.address);
      throw error;
    }
  }

  #refuse({ request, match, principal }: Exchange, error: unknown): Answer {
    const { log } = this.#deps;
    const shown = withChallenge(mask(error, request, log), principal);
    try {
      return (match?.route.fail ?? failure)(shown, request);
    } catch (broken) {
      return failure(mask(broken, request, log), request);
    }
  }

  #finish({ request, match, lane, limits: limitHeaders }: Exchange, answer: Answer): Outgoing {
    return toOutgoing(answer, request, {
      crossOrigin: match?.group.crossOrigin === true,
      close: this.#deps.draining(),
      secure: this.#deps.secure,
      limits: limitHeaders,
      cost: limitHeaders && costUnits(lane?.cost ?? 0),
    });
  }

  #begin(request: Received): Exchange {
    this.#deps.metrics.begin();
    return { request, startedAt: performance.now() };
  }

  #end(exchange: Exchange, status: number): void {
    const { metrics, accessLog, anonymous, limits, usage } = this.#deps;
    const { principal, lane, limits: admitted } = exchange;
    const cost = admitted ? costUnits(lane?.cost ?? 0) : 0;
    const outcome = { status, durationMs: performance.now() - exchange.startedAt, cost };
    metrics.end(exchange, outcome);
    accessLog.write(exchange, outcome);
    if (!principal || principal === anonymous) return;
    if (admitted) limits.charge(principal, cost);
    usage.record(exchange, outcome);
  }

  async fetch(request: Request, from = { address: '127.0.0.1' }): Promise<Response> {
    const exchange = this.#begin(new FetchIncoming(request, from.address, this.#deps.clientAddress));
    const outgoing = await this.#serve(exchange);
    this.#end(exchange, outgoing.status);
    return toFetchResponse(outgoing);
  }

  async listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clientAddress, log } = this.#deps;
    const received = new NodeIncoming(request, response, clientAddress);
    const exchange = this.#begin(received);
    const outgoing = await this.#serve(exchange);
    const { gone } = received;
    this.#holdUntilRead(exchange, outgoing, response);
    try {
      const writing = writeAnswer(outgoing, request, response);
      if (writing) await writing;
    } catch (error) {
      const answer = failure(mask(error, { id: received.id, gone: false }, log), received);
      if (response.headersSent) response.destroy();
      else await writeAnswer(this.#finish(exchange, answer), request, response);
    }
    this.#end(exchange, gone ? clientGone : response.statusCode);
  }

  /** A response that its client has not read yet takes memory. */
  #holdUntilRead({ lane }: Exchange, { body }: Outgoing, response: ServerResponse): void {
    if (lane === undefined || body === undefined || body instanceof ReadableStream) return;
    const release = this.#answers.hold(lane.name, body.length);
    if (release) response.once('close', release);
  }
}

function checkTarget({ path, query }: Incoming): void {
  if (path.length + query.length <= targetLengthMax) return;
  throw fault('URI_TOO_LONG', `The URL is longer than ${targetLengthMax} characters.`);
}
