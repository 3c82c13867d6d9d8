// Routes from declared operations: the input is checked before the handler runs, and its result becomes the response.

import type * as v from 'valibot';
import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../message/message.ts';
import type { Operation } from '../message/operation.ts';
import { json } from '../message/respond.ts';
import type { Route } from '../message/route.ts';
import type { Immutable } from './immutable.ts';
import { type Input, readInput } from './read-input.ts';

/** Who calls. Without a principal: the operator of the server, at its command line. */
export interface Caller {
  readonly principal?: Principal;
  readonly request?: Incoming;
}

export type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [N in Name]: string } & ParamsOf<Rest>
  : unknown;

type Output<S> = S extends v.GenericSchema ? Immutable<v.InferOutput<S>> : undefined;

/** What a handler gets. */
export interface InputOf<O extends Operation> {
  readonly params: ParamsOf<O['path']>;
  readonly query: O extends { readonly query: infer Q } ? Output<Q> : object;
  readonly body: O extends { readonly body: infer B } ? Output<B> : undefined;
}

/** What a handler returns. */
export type AnswerOf<O extends Operation> = O extends { readonly answer: infer A } ? Output<A> : unknown;

export type Handler<O extends Operation> = (
  input: InputOf<O>,
  caller: Caller,
) => Promise<AnswerOf<O>> | AnswerOf<O>;

/** A route whose handler needs no HTTP, so that the command line can call it too. */
export interface RestRoute extends Route {
  readonly operation: Operation;
  /** @param input checked */
  readonly perform: (input: Input, caller: Caller) => unknown;
}

interface Checks {
  /** Runs before the body is read: rejects callers without the permission. */
  readonly before?: (caller: Caller) => void;
}

export function restRoute<const O extends Operation>(
  operation: O,
  handler: Handler<O>,
  { before }: Checks = {},
): RestRoute {
  const { method, path } = operation;
  const status = operation.status ?? (operation.answer ? 200 : 204);

  function perform(input: Input, caller: Caller): unknown {
    before?.(caller);
    return handler(input as unknown as InputOf<O>, caller);
  }

  async function handle(request: Incoming, principal: Principal): Promise<Answer> {
    before?.({ principal, request });
    const input = await readInput(operation, request);
    const value = await handler(input as unknown as InputOf<O>, { principal, request });
    return operation.answer ? json(status, value, noStore) : { status, headers: noStore };
  }

  return { method, path, operation, handle, perform, json: true };
}

/** Responses of the platform's own data change with every write, and some hold a secret. */
const noStore = { 'cache-control': 'no-store' };
