// The scope that a token says, and that the app is answered: what the token may do at this moment (RFC 6749 section 5.1).

import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';

/** A token that is about to be signed. */
interface Draft {
  readonly payload: Record<string, unknown>;
}

/** What oidc-provider answers the app from. */
interface Issued {
  scope?: string;
}

/**
 * Apps show and hide things by it, so that it must not promise what the user may not do, or not any more. A refresh token
 * keeps what it was given: who may do more again, gets more again.
 * @throws InvalidScope where an app that acts for itself would get nothing
 */
export const tellScopeNow =
  (tokens: Pick<AccessTokens, 'scopesOf'>) =>
  async (ctx: KoaContextWithOIDC, token: unknown, { payload }: Draft): Promise<void> => {
    const wanted = { ...payload, scope: wantedIn(ctx) ?? payload.scope };
    const scopes = await tokens.scopesOf(wanted);
    if (scopes.length === 0 && ctx.oidc.params?.grant_type === 'client_credentials')
      throw new errors.InvalidScope('the owner of this app may do none of this', String(wanted.scope ?? ''));
    const scope = scopes.join(' ');
    payload.scope = scope;
    (token as Issued).scope = scope;
  };

/** What goes back to a user is held against the grant here, and not name by name: of `read`, `products:read` may be left. */
function wantedIn({ oidc }: KoaContextWithOIDC): string | undefined {
  const { RefreshToken: refresh, AuthorizationCode: code } = oidc.entities;
  if (refresh) return (oidc.params?.scope as string | undefined) ?? refresh.scope;
  return code?.scope;
}
