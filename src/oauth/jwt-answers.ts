// Revocation (RFC 7009) and introspection (RFC 7662) of JWTs, which oidc-provider does not store. It authenticates the app
// first.

import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import type { Revocations } from './revocations.ts';

export interface JwtAnswersDeps {
  readonly tokens: AccessTokens;
  readonly revocations: Revocations;
  readonly onRevoke: (claims: TokenClaims) => void;
}

export function answerForJwts(provider: Provider, { tokens, revocations, onRevoke }: JwtAnswersDeps): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as KoaContextWithOIDC;
    if (ctx.body?.error !== 'unsupported_token_type' || !oidc.client) return;
    const token = String(oidc.params?.token);
    if (oidc.route === 'revocation') await revoke(ctx as KoaContextWithOIDC, token);
    if (oidc.route === 'introspection') await introspect(ctx as KoaContextWithOIDC, token);
  });

  /** RFC 7009 section 2.2: another app's token and an invalid token get the same answer. */
  async function revoke(ctx: KoaContextWithOIDC, token: string): Promise<void> {
    const claims = await tokens.read(token);
    if (claims && claims.clientId === ctx.oidc.client?.clientId) {
      await revocations.revokeToken(claims);
      onRevoke(claims);
    }
    ctx.status = 200;
    ctx.body = '';
  }

  async function introspect(ctx: KoaContextWithOIDC, token: string): Promise<void> {
    const live = await tokens.find(token);
    ctx.status = 200;
    ctx.body = { active: false };
    if (!live || live.claims.clientId !== ctx.oidc.client?.clientId) return;
    const scope = [...live.principal.scopes].join(' ');
    const { gid: _, fid: __, ...shown } = live.claims.payload;
    ctx.body = { ...shown, active: true, token_type: 'Bearer', scope };
  }
}
