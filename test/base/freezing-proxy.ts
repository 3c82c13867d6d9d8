import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FreezingProxy {
  /** The database's URL, through the proxy. */
  readonly url: string;
  /** Passes no more bytes, and closes nothing: as when a cable is cut. New connections are accepted, and hear nothing. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** @returns a TCP proxy in front of PostgreSQL */
export async function startFreezingProxy(url: string): Promise<FreezingProxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    if (frozen) from.pause();
    from.on('error', () => {});
    from.on('data', bytes => to.write(bytes));
    from.on('close', () => {
      sockets.delete(from);
      if (!frozen) to.destroy();
    });
  };
  const proxy = createServer(client => {
    const server = connect(Number(port || 5432), hostname);
    pass(client, server);
    pass(server, client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    url: through.href,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
