// The client of the REST API: the same calls to a running server and to the database itself, typed by the declarations.

import type * as v from 'valibot';
import type { Operation } from '../../http/message/operation.ts';
import type { Immutable } from '../../http/rest/immutable.ts';
import type { AnswerOf, ParamsOf } from '../../http/rest/rest-route.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Backend, withBackend } from './backend.ts';
import type { Call, Perform } from './perform.ts';
import type { Server } from './server.ts';

/** What an operation needs: path parameters, options and a body, as texts and JSON. */
type CallOf<O extends Operation> = {
  readonly params?: ParamsOf<O['path']>;
  readonly query?: O extends { readonly query: infer Q extends v.GenericSchema }
    ? Immutable<v.InferInput<Q>>
    : undefined;
} & (O extends { readonly body: infer B extends v.GenericSchema }
  ? { readonly body: Immutable<v.InferInput<B>> }
  : { readonly body?: undefined });

/** A value after it has been JSON. */
type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: Json<T[Name]> }
      : T;

/** The JSON of an operation's response. Times are strings: `2027-01-01T00:00:00.000Z`. */
export type Shown<O extends Operation> = Json<AnswerOf<O>>;

export interface Client {
  /** @throws Fault or Error with the server's message */
  call<const O extends Operation>(operation: O, call: CallOf<O>): Promise<Shown<O>>;
}

/** Opens a client, runs the work, and closes it. @throws Fault with a hint */
export const withClient = <T>(terminal: Terminal, work: (client: Client) => Promise<T>): Promise<T> =>
  withBackend<Backend & Client, T>(places, terminal, work);

const places = {
  served: (server: Server) => clientOf(callServer(server), async () => {}),
  async stored(env: Terminal['env']) {
    const { openLocal } = await import('./local.ts');
    const { perform, close } = await openLocal(env);
    return clientOf(perform, close);
  },
};

const clientOf = (perform: Perform, close: () => Promise<void>): Backend & Client => ({
  call: async <const O extends Operation>(operation: O, call: CallOf<O>) =>
    (await perform(operation, call as Call)) as Shown<O>,
  close,
});

const callServer =
  (server: Server): Perform =>
  ({ method, path }, { params = {}, query = {}, body }) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const options = new URLSearchParams(given).toString();
    return server.send(method, options ? `${filled}?${options}` : filled, body);
  };
