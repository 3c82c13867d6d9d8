// The whole server on a port, under the address that it says it has.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer, type TestServer } from './harness.ts';

export interface Listening {
  readonly server: TestServer;
  readonly url: string;
  close(): Promise<void>;
}

/** The port must be known before the server is made: it issues tokens in the name of its address. */
export async function startListening(env: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => listener.once('listening', resolve));
  const url = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const server = await startServer({ demo: true, env: { PUBLIC_URL: url, ...env } });
  listener.on('request', server.app.listener);
  const close = async () => {
    listener.closeAllConnections();
    listener.close();
    await server.close();
  };
  return { server, url, close };
}
