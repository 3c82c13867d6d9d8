// Commands run against a running server if the environment names one, else against the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { connectServer, type Server } from './server.ts';

export interface Backend {
  close(): Promise<void>;
}

/** The same backend over a server and over the database. */
export interface BackendPlaces<D extends Backend> {
  readonly served: (server: Server) => D;
  /** Load it lazily: it imports the whole server. */
  readonly stored: (env: Terminal['env']) => Promise<D>;
}

/** Opens a backend, runs the work, and closes it. @throws Fault with a hint */
export async function withBackend<D extends Backend, T>(
  { served, stored }: BackendPlaces<D>,
  { env }: Terminal,
  work: (backend: D) => Promise<T>,
): Promise<T> {
  const backend = env.PORTOLAN_API_KEY || env.PORTOLAN_URL ? served(connectServer(env)) : await stored(env);
  try {
    return await work(backend);
  } finally {
    await backend.close();
  }
}
