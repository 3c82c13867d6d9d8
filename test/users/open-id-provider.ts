// A real OpenID provider on a port of its own, at which everybody is signed in already.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Who signs in next: what is said of them. */
  who: { sub: string; email?: string; email_verified?: boolean; name?: string };
  /** Whether they agree. */
  agrees: boolean;
  /** Follows an authorization address as a browser does. @returns the address that it leads back to */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

export async function startOpenIdProvider(redirectUri: string): Promise<OpenIdProvider> {
  const server = createServer((request, response) => serve(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const known = new Map<string, OpenIdProvider['who']>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'portolan', client_secret: 'hush', redirect_uris: [redirectUri] }],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['test'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ ...known.get(id)!, sub: id }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session!.accountId!,
        clientId: oidc.client!.clientId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    known.set(open.who.sub, open.who);
    const result = open.agrees ? { login: { accountId: open.who.sub } } : { error: 'access_denied' };
    await provider.interactionFinished(request, response, result);
  }

  async function visit(url: string): Promise<string> {
    const cookies = new Map<string, string>();
    let at = url;
    while (at.startsWith(issuer)) {
      const cookie = [...cookies].map(pair => pair.join('=')).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [pair = ''] = set.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (!location) throw new Error(`The provider stops at ${at}: ${answer.status} ${await answer.text()}`);
      at = new URL(location, at).href;
    }
    return at;
  }

  const open: OpenIdProvider = {
    issuer,
    who: { sub: 'nobody' },
    agrees: true,
    visit,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
  return open;
}
