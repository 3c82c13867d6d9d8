import type { Server } from 'node:http';
import { closeUnusedConnections } from './unused-connections.ts';

/** How often connections that have become idle are closed. */
const sweepMs = 100;

/**
 * Accepts no new connections, lets running requests finish and closes connections as they become idle.
 * @param graceMs after this time, connections are cut off
 * @returns whether all requests completed
 */
export function stopServer(server: Server, graceMs: number): Promise<boolean> {
  return new Promise(resolve => {
    let whole = true;
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      closeUnusedConnections(server);
    }, sweepMs);
    const cut = setTimeout(() => {
      whole = false;
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve(whole);
    });
  });
}
