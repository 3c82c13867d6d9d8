// oidc-provider keeps no JWTs, and so neither revokes nor introspects them: that is done here, after it has authenticated
// the app (RFC 7009, RFC 7662).

import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import type { Revocations } from './revocations.ts';

export interface JwtAnswersParts {
  readonly tokens: AccessTokens;
  readonly revocations: Revocations;
  readonly onRevoke: (claims: TokenClaims) => void;
}

export function answerForJwts(provider: Provider, { tokens, revocations, onRevoke }: JwtAnswersParts): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as KoaContextWithOIDC;
    if (ctx.body?.error !== 'unsupported_token_type' || !oidc.client) return;
    const token = String(oidc.params?.token);
    if (oidc.route === 'revocation') await revoke(ctx as KoaContextWithOIDC, token);
    if (oidc.route === 'introspection') await introspect(ctx as KoaContextWithOIDC, token);
  });

  /** Section 2.2 of RFC 7009: who may not, or asks for what is no token, is answered the same. */
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
