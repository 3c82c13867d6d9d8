// The scope in a token and in the token response: what the token allows at this moment (RFC 6749 section 5.1).

import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';

/** A token about to be signed. */
interface Draft {
  readonly payload: Record<string, unknown>;
}

/** What oidc-provider builds the token response from. */
interface Issued {
  scope?: string;
}

/**
 * Apps show and hide features by the scope, so it must not contain scopes that the user does not have, or no longer has.
 * A refresh token keeps its own scopes: a user who gets a scope back gets it in new tokens again.
 * @throws InvalidScope when a token for the app itself would have no scope
 */
export const setCurrentScope =
  (tokens: Pick<AccessTokens, 'scopesOf'>) =>
  async (ctx: KoaContextWithOIDC, token: unknown, { payload }: Draft): Promise<void> => {
    const requested = { ...payload, scope: requestedScope(ctx) ?? payload.scope };
    const scopes = await tokens.scopesOf(requested);
    if (scopes.length === 0 && ctx.oidc.params?.grant_type === 'client_credentials')
      throw new errors.InvalidScope(
        'the owner of this app has none of these scopes',
        String(requested.scope ?? ''),
      );
    const scope = scopes.join(' ');
    payload.scope = scope;
    (token as Issued).scope = scope;
  };

/** The scope before oidc-provider narrows it name by name. Of `read`, a user's grant may leave `products:read`. */
function requestedScope({ oidc }: KoaContextWithOIDC): string | undefined {
  const { RefreshToken: refresh, AuthorizationCode: code } = oidc.entities;
  if (refresh) return (oidc.params?.scope as string | undefined) ?? refresh.scope;
  return code?.scope;
}
