// Where commands get their work done: at a running server, where the environment names one, else at the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { connectServer, type Server } from './server.ts';

export interface Desk {
  close(): Promise<void>;
}

/** The same desk at both places. */
export interface DeskPlaces<D extends Desk> {
  readonly served: (server: Server) => D;
  /** To be loaded only when it is asked for: the whole server hangs on it. */
  readonly stored: (env: Terminal['env']) => Promise<D>;
}

/** Opens a desk for one piece of work, and closes it. @throws Fault with what to do */
export async function atDesk<D extends Desk, T>(
  { served, stored }: DeskPlaces<D>,
  { env }: Terminal,
  work: (desk: D) => Promise<T>,
): Promise<T> {
  const desk = env.PORTOLAN_API_KEY || env.PORTOLAN_URL ? served(connectServer(env)) : await stored(env);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}
