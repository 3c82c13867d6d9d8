// A server with its authorization server, apps of every kind, and a simple browser.

import { randomBytes } from 'node:crypto';
import { makeClientId } from '../../src/apps/services/client-id.ts';
import { makeStoredSecret } from '../../src/apps/services/stored-secret.ts';
import type { Role } from '../../src/auth/scopes/roles.ts';
import { startServer, type TestServer, type TestServerOptions } from '../harness.ts';

export const callback = 'https://app.example/callback';

export interface TestApp {
  readonly id: string;
  /** Empty for a public app. */
  readonly secret: string;
  readonly secretId: string;
}

export interface AppDraft {
  readonly redirectUris?: readonly string[];
  readonly scopes?: readonly string[];
  readonly confidential?: boolean;
  readonly clientCredentials?: boolean;
  readonly name?: string;
  /** A plugin's secret is stored so that it can be injected. */
  readonly recoverable?: boolean;
  /** The e-mail address of its owner. */
  readonly owner?: string;
}

export type Parameters = Readonly<Record<string, string | undefined>>;

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly token_type: string;
}

export type OauthWorld = Awaited<ReturnType<typeof openOauthWorld>>;

export async function openOauthWorld(options: TestServerOptions = {}) {
  const server = await startServer({ demo: true, ...options });
  return {
    ...server,
    server,
    createApp: (draft?: AppDraft) => makeApp(server, draft),
    addSecret: (appId: string, ownerId: string) => addSecret(server, appId, ownerId),
    ...createClient(server),
  };
}

type Parts = Pick<TestServer, 'prisma' | 'auth'>;

/** @returns a new app, with its secret if it has one */
export async function makeApp(parts: Parts, draft: AppDraft = {}): Promise<TestApp> {
  const { redirectUris = [callback], scopes = ['read', 'write'], confidential = true } = draft;
  const { clientCredentials = confidential, name = 'Test app', recoverable = false } = draft;
  const owner = await parts.prisma.user.findUniqueOrThrow({
    where: { email: draft.owner ?? 'admin@example.com' },
  });
  const id = makeClientId();
  await parts.prisma.oauthApp.create({
    data: {
      ...{ id, ownerId: owner.id, name, confidential, clientCredentials },
      ...{ redirectUris: [...redirectUris], scopes: [...scopes] },
    },
  });
  if (!confidential) return { id, secret: '', secretId: '' };
  return { id, ...(await addSecret(parts, id, owner.id, recoverable)) };
}

async function addSecret({ prisma, auth }: Parts, appId: string, ownerId: string, recoverable = false) {
  const { secret, row } = await makeStoredSecret(auth.safestore, { appId, ownerId, recoverable });
  await prisma.appSecret.create({ data: row });
  return { secret, secretId: row.id };
}

/** What programs and browsers do with a server. */
export function createClient(server: Pick<TestServer, 'fetch' | 'config' | 'signIn'>) {
  const { fetch } = server;

  const post = (path: string, form: Parameters | string, headers: Record<string, string> = {}) =>
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof form === 'string' ? form : String(toQuery(form)),
    });

  const token = (form: Parameters | string, headers?: Record<string, string>) =>
    post('/auth/oauth/token', form, headers);

  const authorizeAddress = (app: Pick<TestApp, 'id'>, more: Parameters = {}) =>
    `/auth/oauth/authorize?${toQuery({
      ...{ client_id: app.id, redirect_uri: callback, response_type: 'code', scope: 'read write' },
      ...{ state: 'the state', ...more },
    })}`;

  /** Signs in and allows the requested scopes. @returns the address of the final redirect to the app */
  async function authorize(
    app: Pick<TestApp, 'id'>,
    more: Parameters = {},
    { browser = new Browser(server), decide = allowAll }: { browser?: Browser; decide?: Decide } = {},
  ): Promise<URL> {
    if (!browser.signedIn) await browser.signIn();
    return browser.decide(authorizeAddress(app, more), decide);
  }

  /** The whole flow, up to the tokens. */
  async function obtain(
    app: TestApp,
    more: Parameters = {},
    exchange: Parameters = {},
    options?: Parameters4,
  ): Promise<Tokens> {
    const address = await authorize(app, more, options);
    const response = await redeem(app, address.searchParams.get('code')!, exchange);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Tokens;
  }

  const redeem = (app: TestApp, code: string, more: Parameters = {}) =>
    token({
      ...{ grant_type: 'authorization_code', code, redirect_uri: callback, client_id: app.id },
      ...{ client_secret: app.secret || undefined, ...more },
    });

  const refresh = (app: TestApp, refreshToken: string, more: Parameters = {}) =>
    token({
      ...{ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: app.id },
      ...{ client_secret: app.secret || undefined, ...more },
    });

  /** Whether the Query API accepts an access token. */
  async function use(accessToken: string): Promise<number> {
    const response = await fetch('/api/query', {
      json: { query: 'products(take: 1) { id }' },
      headers: { authorization: `Bearer ${accessToken}` },
    });
    await response.text();
    return response.status;
  }

  return { post, token, authorizeAddress, authorize, obtain, redeem, refresh, use };
}

type Parameters4 = { browser?: Browser; decide?: Decide };

const toQuery = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** @param offered the boxes ticked on the page @returns the form to send */
export type Decide = (offered: readonly string[]) => readonly (readonly [string, string])[];

export const allowAll: Decide = offered => [
  ...offered.map(scope => ['scope', scope] as const),
  ['decision', 'allow'],
];
export const deny: Decide = () => [['decision', 'deny']];
export const allowOnly =
  (...scopes: string[]): Decide =>
  () => [...scopes.map(scope => ['scope', scope] as const), ['decision', 'allow']];

/** Stores cookies by path, as browsers do, and never follows a redirect by itself. */
export class Browser {
  readonly #server: Pick<TestServer, 'fetch' | 'config' | 'signIn'>;
  readonly #cookies = new Map<string, { value: string; path: string }>();
  signedIn = false;

  constructor(server: Pick<TestServer, 'fetch' | 'config' | 'signIn'>) {
    this.#server = server;
  }

  async signIn(email?: string, more?: { role?: Role; scopes?: string[] }): Promise<this> {
    const cookie = await this.#server.signIn(email, more);
    const equals = cookie.indexOf('=');
    this.#cookies.set(cookie.slice(0, equals), { value: cookie.slice(equals + 1), path: '/' });
    this.signedIn = true;
    return this;
  }

  signOut(): void {
    for (const name of this.#cookies.keys()) if (/portolan_session$/.test(name)) this.#cookies.delete(name);
    this.signedIn = false;
  }

  get cookieNames(): string[] {
    return [...this.#cookies.keys()];
  }

  async get(address: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(address, { headers });
  }

  async post(
    address: string,
    form: readonly (readonly [string, string])[],
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Response> {
    const body = String(new URLSearchParams(form.map(([name, value]) => [name, value])));
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send(address, { method: 'POST', headers: { ...type, ...headers }, body });
  }

  /** Follows the server's own pages and decides on the consent page. @returns the address of the redirect to the app */
  async decide(address: string, decide: Decide): Promise<URL> {
    let response = await this.get(address);
    for (let hops = 0; hops < 10; hops++) {
      const next = response.headers.get('location') ?? refreshOf(response);
      if (next !== undefined) {
        const url = new URL(next, this.#server.config.publicUrl);
        if (url.origin !== new URL(this.#server.config.publicUrl).origin) return url;
        response = await this.get(url.pathname + url.search);
        continue;
      }
      const page = await response.text();
      if (!/name="form_token"/.test(page))
        throw new Error(`No page to decide on: ${response.status} ${page.replace(/<style>.*<.style>/s, '')}`);
      response = await this.post(actionOf(page), [['form_token', tokenOf(page)], ...decide(offeredOf(page))]);
    }
    throw new Error('Too many redirects.');
  }

  async #send(address: string, init: RequestInit): Promise<Response> {
    const path = address.split('?')[0]!;
    const cookies = [...this.#cookies].filter(
      ([, { path: own }]) => own === '/' || path === own || path.startsWith(`${own}/`),
    );
    const headers = new Headers(init.headers);
    if (cookies.length > 0)
      headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await this.#server.fetch(address, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const path = attributes.find(one => /^path=/i.test(one))?.slice(5) ?? '/';
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (value === '' || /expires=thu, 01 jan 1970/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }
}

const refreshOf = (response: Response): string | undefined =>
  /url=(.*)$/.exec(response.headers.get('refresh') ?? '')?.[1];

export const tokenOf = (page: string): string => /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? '';
const actionOf = (page: string): string => /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? '';
const offeredOf = (page: string): string[] =>
  [...page.matchAll(/name="scope" value="([^"]+)"/g)].map(match => match[1]!);

/** A pair for PKCE. */
export async function makePkce() {
  const verifier = randomBytes(32).toString('base64url');
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(verifier));
  return {
    verifier,
    challenge: {
      code_challenge: Buffer.from(digest).toString('base64url'),
      code_challenge_method: 'S256',
    },
  };
}
