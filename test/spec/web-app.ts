// The app of the document's examples in TypeScript, on an origin of its own: a page for each of its three steps.

import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type Filling, fillIn, type ProgramName, programText } from './programs.ts';

export interface WebApp {
  readonly url: string;
  close(): void;
}

/** By path: the callback is where the example's redirect URI says. */
const pages: Readonly<Record<string, ProgramName>> = {
  '/sign-in': 'authorize.ts',
  '/oauth/callback': 'callback.ts',
  '/products': 'requests.ts',
};

/** What bundlers put in place of Node's module: the one function that the example calls. */
const cryptoModule = `export default {
  randomBytes: size => {
    const bytes = crypto.getRandomValues(new Uint8Array(size));
    return { toString: () => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('') };
  },
};`;

const importMap = '{"imports":{"crypto":"/crypto.js"}}';

/** @param filling what the programs need; it may come later than the app's address, which its owner registers first */
export async function serveWebApp(filling: () => Omit<Filling, 'appUrl'>): Promise<WebApp> {
  const server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!;
    const program = pages[path] ?? pages[path.replace(/\.js$/, '')];
    if (path === '/crypto.js') send('text/javascript', cryptoModule);
    else if (!program) response.writeHead(404).end();
    else if (path.endsWith('.js'))
      send(
        'text/javascript',
        stripTypeScriptTypes(fillIn(programText(program), { ...filling(), appUrl: url })),
      );
    else
      send(
        'text/html',
        `<!doctype html><title>App</title><link rel="icon" href="data:,"><script type="importmap">${importMap}</script><script type="module" src="${path}.js"></script>`,
      );

    function send(type: string, body: string): void {
      response
        .writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
        .end(body);
    }
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  // Not localhost: another site than the server's, not only another port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}
