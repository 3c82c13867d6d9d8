// A server on a port of its own, for clients that know nothing but addresses.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer, type TestServer } from '../../harness.ts';

export interface ServedOData {
  readonly server: TestServer;
  /** `http://127.0.0.1:1234/odata` */
  readonly root: string;
  close(): Promise<void>;
}

/** Close it when the tests of the file are done. */
export async function serveOData(): Promise<ServedOData> {
  let listener: TestServer['app']['listener'] | undefined;
  const http = createServer((request, response) => void listener!(request, response));
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server = await startServer({ demo: true, env: { PUBLIC_URL: origin } });
  listener = server.app.listener;
  return {
    server,
    root: `${origin}/odata`,
    async close() {
      http.closeAllConnections();
      await new Promise(resolve => http.close(resolve));
      await server.close();
    },
  };
}
