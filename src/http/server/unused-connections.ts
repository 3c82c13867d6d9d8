import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Connections of a server without a request, in the order in which they became so. */
const unused = new WeakMap<Server, Set<Socket>>();

/**
 * Remembers the connections of a server over which no request is answered, for `closeUnusedConnections`, and bounds their
 * number: beyond it, the one that has waited longest is closed. Nobody keeps others out by opening many.
 */
export function rememberConnections(server: Server, idleMax: number): void {
  const idle = new Set<Socket>();
  /** Requests that are being answered; where they are pipelined, several. */
  const answering = new WeakMap<Socket, number>();
  unused.set(server, idle);
  function add(socket: Socket): void {
    if (socket.destroyed) return;
    idle.add(socket);
    if (idle.size <= idleMax) return;
    const [oldest] = idle;
    idle.delete(oldest!);
    oldest!.destroy();
  }
  server.on('connection', socket => {
    add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  function busy({ socket }: IncomingMessage, response: ServerResponse): void {
    idle.delete(socket);
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = answering.get(socket)! - 1;
      answering.set(socket, left);
      if (left === 0) add(socket);
    });
  }
  server.prependListener('request', busy);
  server.prependListener('checkContinue', busy);
}

/**
 * Closes connections over which nothing came yet. Browsers and fetch open such in advance, and to node:http they are not
 * idle but late with their first request.
 */
export function closeUnusedConnections(server: Server): void {
  for (const socket of unused.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
}
