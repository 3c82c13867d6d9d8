import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Idle connections of each server, longest idle first. */
const unused = new WeakMap<Server, Set<Socket>>();

/**
 * Tracks the idle connections of a server for `closeUnusedConnections`, and limits their number: beyond it, the longest
 * idle one is closed. So a client cannot lock others out by opening many.
 */
export function rememberConnections(server: Server, idleMax: number): void {
  const idle = new Set<Socket>();
  /** Requests in progress: more than one if they are pipelined. */
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
 * Closes connections that have not received anything yet. Browsers and fetch open them in advance, and node:http does not
 * count them as idle.
 */
export function closeUnusedConnections(server: Server): void {
  for (const socket of unused.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
}
