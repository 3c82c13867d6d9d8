// oidc-provider, set up: every setting that is not its default, and why.

import { type Configuration, errors, type JWK, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { allowsRedirect } from '../apps/services/redirect-uri.ts';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import { tokenAlgorithm } from '../auth/tokens/signing-keys.ts';
import { type AdapterParts, createAdapter } from './adapter.ts';
import { currentCall } from './call.ts';
import { createPolicy, resultOf } from './policy.ts';
import { webOrigins } from './redirect-uris.ts';
import { tellScopeNow } from './scope-now.ts';
import { narrowScopes, UnfitScope } from './scope-request.ts';
import { lifetimes, paths } from './settings.ts';

export interface ProviderParts extends AdapterParts {
  readonly tokens: Pick<AccessTokens, 'scopesOf'>;
  /** Sign the cookies that hold a person's place in the flow; newest first. */
  readonly cookieSecrets: readonly string[];
  readonly cookieNames: { readonly session: string; readonly interaction: string; readonly resume: string };
  /** Whether there is such a person, not disabled. */
  readonly isPerson: (userId: string) => Promise<boolean>;
}

/** Fixed to one set of keys: when they change, make another. */
export function createProvider(parts: ProviderParts, keys: readonly JWK[]): Provider {
  const provider = new Provider(parts.publicUrl, toConfiguration(parts, keys));
  // The address that it sees is the one that we pin, see run-provider.ts.
  provider.proxy = true;
  Object.assign(provider.Client.prototype, {
    async compareClientSecret(this: { clientId: string }, presented: string): Promise<boolean> {
      const call = currentCall();
      call.compared = true;
      call.secretId = await parts.clients.matchSecret(this.clientId, presented);
      return call.secretId !== undefined;
    },
    redirectUriAllowed(this: { redirectUris: readonly string[] }, presented: string): boolean {
      return allowsRedirect(this.redirectUris, presented);
    },
  });
  return provider;
}

function toConfiguration(parts: ProviderParts, keys: readonly JWK[]): Configuration {
  const { resource, grants } = parts;
  return {
    adapter: createAdapter(parts),
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
    features: toFeatures(parts),
    formats: { customizers: { jwt: tellScopeNow(parts.tokens) } },
    pkce: { required: (_, client) => client.clientAuthMethod === 'none' },
    allowOmittingSingleRegisteredRedirectUri: false,
    interactions: {
      policy: createPolicy(resource),
      url: (_, interaction) => `${paths.interaction}/${interaction.uid}`,
    },
    cookies: {
      keys: [...parts.cookieSecrets],
      names: { ...parts.cookieNames },
      // The session's cookie is shown to oidc-provider by us, and never reaches a browser.
      long: { signed: false, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    ttl: {
      AuthorizationCode: lifetimes.code,
      AccessToken: lifetimes.accessToken,
      ClientCredentials: lifetimes.accessToken,
      RefreshToken: lifetimes.refreshToken,
      Interaction: lifetimes.interaction,
      // Never stored.
      Grant: lifetimes.refreshToken,
      Session: lifetimes.interaction,
      IdToken: 60,
    },
    async findAccount(_, userId) {
      const known = currentCall().session?.user.id === userId || (await parts.isPerson(userId));
      return known ? { accountId: userId, claims: () => ({ sub: userId }) } : undefined;
    },
    async loadExistingGrant(ctx) {
      const { consent } = resultOf(ctx);
      // What was not ticked is not in this code, even where the user allows more at large.
      if (consent && ctx.oidc.params) ctx.oidc.params.scope = consent.scopes.join(' ');
      const grant = await grants.findFor(ctx.oidc.account!.accountId, ctx.oidc.client!.clientId);
      currentCall().agreedUris = grant?.redirectUris;
      return grant && ctx.oidc.provider.Grant.find(grant.id);
    },
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    // RFC 9700 section 4.14.2: a confidential app's token is bound to its secret; the others' are used once.
    rotateRefreshToken: ctx => ctx.oidc.client?.clientAuthMethod === 'none',
    // Tokens outlive the browser's session: that is what apps have them for.
    expiresWithSession: async () => false,
    // Families are revoked, see adapter.ts; the user's consent is the user's to take back.
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
  };
}

function toFeatures({ resource, knownScopes }: ProviderParts): Configuration['features'] {
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
      async getResourceServerInfo(ctx, wanted, client) {
        if (wanted !== resource) throw new errors.InvalidTarget('unknown resource');
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

/** Called by oidc-provider once app and redirect URI are proven, and before anybody must sign in. */
function narrowRequest(ctx: KoaContextWithOIDC, appScopes: string, knownScopes: readonly string[]): void {
  const { route, params } = ctx.oidc;
  if (!params || !(route === 'authorization' || params.grant_type === 'client_credentials')) return;
  try {
    const requested = params.scope as string | undefined;
    params.scope = narrowScopes(requested, appScopes.split(' ').filter(Boolean), knownScopes).join(' ');
  } catch (error) {
    if (error instanceof UnfitScope) throw new errors.InvalidScope(error.message, error.scope);
    throw error;
  }
}
