import type { Server } from 'node:http';
import { closeUnusedConnections } from './unused-connections.ts';

/** How often connections are looked for that became idle after their last answer. */
const sweepMs = 100;

/**
 * Takes no new connections, lets running requests finish and closes connections as they become idle.
 * @param graceMs after so long, connections are cut
 * @returns whether all requests came to their end
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
