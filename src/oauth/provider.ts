// The configuration of oidc-provider: every setting that differs from its default, and why.

import { type Configuration, errors, type JWK, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { allowsRedirect } from '../apps/services/redirect-uri.ts';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import { tokenAlgorithm } from '../auth/tokens/signing-keys.ts';
import { type AdapterDeps, createAdapter } from './adapter.ts';
import { currentCall } from './call.ts';
import { createPolicy, resultOf } from './policy.ts';
import { webOrigins } from './redirect-uris.ts';
import { setCurrentScope } from './scope-now.ts';
import { narrowScopes, ScopeRequestError } from './scope-request.ts';
import { lifetimes, paths } from './settings.ts';

export interface ProviderDeps extends AdapterDeps {
  readonly tokens: Pick<AccessTokens, 'scopesOf'>;
  /** Sign the cookies that hold the state of the flow; newest first. */
  readonly cookieSecrets: readonly string[];
  readonly cookieNames: { readonly session: string; readonly interaction: string; readonly resume: string };
  /** Whether the user exists and is not disabled. */
  readonly isActiveUser: (userId: string) => Promise<boolean>;
}

/** Bound to one set of signing keys: create another provider when they change. */
export function createProvider(deps: ProviderDeps, keys: readonly JWK[]): Provider {
  const provider = new Provider(deps.publicUrl, toConfiguration(deps, keys));
  // run-provider.ts sets the forwarded headers, so they can be trusted.
  provider.proxy = true;
  Object.assign(provider.Client.prototype, {
    async compareClientSecret(this: { clientId: string }, presented: string): Promise<boolean> {
      const call = currentCall();
      call.compared = true;
      call.secretId = await deps.clients.matchSecret(this.clientId, presented);
      return call.secretId !== undefined;
    },
    redirectUriAllowed(this: { redirectUris: readonly string[] }, presented: string): boolean {
      return allowsRedirect(this.redirectUris, presented);
    },
  });
  return provider;
}

function toConfiguration(deps: ProviderDeps, keys: readonly JWK[]): Configuration {
  return {
    adapter: createAdapter(deps),
    jwks: { keys },
    enabledJWA: { idTokenSigningAlgValues: ['EdDSA', 'ES256'] },
    clientDefaults: { id_token_signed_response_alg: tokenAlgorithm },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    extraClientMetadata: { properties: ['app_scopes', 'app_owner'] },
    responseTypes: ['code'],
    scopes: [],
    claims: {},
    routes: {
      authorization: paths.authorize,
      token: paths.token,
      revocation: paths.revoke,
      introspection: paths.introspect,
      jwks: paths.jwks,
    },
    features: toFeatures(deps),
    formats: { customizers: { jwt: setCurrentScope(deps.tokens) } },
    pkce: { required: (_, client) => client.clientAuthMethod === 'none' },
    allowOmittingSingleRegisteredRedirectUri: false,
    interactions: {
      policy: createPolicy(deps.resource),
      url: (_, interaction) => `${paths.interaction}/${interaction.uid}`,
    },
    cookies: {
      keys: [...deps.cookieSecrets],
      names: { ...deps.cookieNames },
      // The session cookie is passed to oidc-provider by this server and never reaches a browser.
      long: { signed: false, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    ttl,
    ...toHooks(deps),
  };
}

/** What oidc-provider asks while it works. */
const toHooks = ({ grants, isActiveUser }: ProviderDeps): Partial<Configuration> => ({
  async findAccount(_, userId) {
    const known = currentCall().session?.user.id === userId || (await isActiveUser(userId));
    return known ? { accountId: userId, claims: () => ({ sub: userId }) } : undefined;
  },
  async loadExistingGrant(ctx) {
    const { consent } = resultOf(ctx);
    // The code gets only the ticked scopes, even if the user's grant covers more.
    if (consent && ctx.oidc.params) ctx.oidc.params.scope = consent.scopes.join(' ');
    const grant = await grants.findFor(ctx.oidc.account!.accountId, ctx.oidc.client!.clientId);
    currentCall().agreedUris = grant?.redirectUris;
    return grant && ctx.oidc.provider.Grant.find(grant.id);
  },
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  // RFC 9700 section 4.14.2: a confidential app's refresh token is bound to its secret; other apps' tokens are used once.
  rotateRefreshToken: ctx => ctx.oidc.client?.clientAuthMethod === 'none',
  // Tokens outlive the browser's session: apps work while the user is away.
  expiresWithSession: async () => false,
  // Only token families are revoked, see adapter.ts; the grant itself is for the user to revoke.
  revokeGrantPolicy: () => false,
  clientBasedCORS: (_, origin, client) => webOrigins(client.redirectUris ?? []).has(origin),
  extraTokenClaims: async (_, token) =>
    token.kind === 'ClientCredentials'
      ? { fid: currentCall().secretId }
      : { gid: token.grantId, fid: token.sessionUid },
  renderError: async (ctx, out) => {
    ctx.type = 'json';
    ctx.body = out;
  },
});

const ttl: Configuration['ttl'] = {
  AuthorizationCode: lifetimes.code,
  AccessToken: lifetimes.accessToken,
  ClientCredentials: lifetimes.accessToken,
  RefreshToken: lifetimes.refreshToken,
  Interaction: lifetimes.interaction,
  // Never stored.
  Grant: lifetimes.refreshToken,
  Session: lifetimes.interaction,
  IdToken: 60,
};

function toFeatures({ resource, knownScopes }: ProviderDeps): Configuration['features'] {
  const own = async (_: unknown, client: { clientId: string }, token: { clientId?: string }) =>
    token.clientId === client.clientId;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: { enabled: true, allowedPolicy: own },
    introspection: { enabled: true, allowedPolicy: own },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => resource,
      useGrantedResource: async () => true,
      async getResourceServerInfo(ctx, requested, client) {
        if (requested !== resource) throw new errors.InvalidTarget('unknown resource');
        narrowRequest(ctx, String(client.app_scopes ?? ''), knownScopes);
        return {
          scope: knownScopes.join(' '),
          audience: resource,
          accessTokenTTL: lifetimes.accessToken,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: tokenAlgorithm } },
        };
      },
    },
  };
}

/** Called by oidc-provider after it has checked app and redirect URI, and before the user must sign in. */
function narrowRequest(ctx: KoaContextWithOIDC, appScopes: string, knownScopes: readonly string[]): void {
  const { route, params } = ctx.oidc;
  if (!params || !(route === 'authorization' || params.grant_type === 'client_credentials')) return;
  try {
    const requested = params.scope as string | undefined;
    params.scope = narrowScopes(requested, appScopes.split(' ').filter(Boolean), knownScopes).join(' ');
  } catch (error) {
    if (error instanceof ScopeRequestError) throw new errors.InvalidScope(error.message, error.scope);
    throw error;
  }
}
