// Makes oidc-provider's errors uniform: the codes of the standard, and the same time for every refused client.

import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Clients } from '../apps/services/clients.ts';
import { currentCall } from './call.ts';

/** Well formed, but with a character that no app id contains. */
const unknownAppId = `app_${'l'.repeat(20)}`;

export function normalizeErrors(provider: Provider, clients: Pick<Clients, 'matchSecret'>): void {
  provider.use(async (ctx, next) => {
    await next();
    const { body } = ctx;
    if (body?.error === 'invalid_client') await takeTime(ctx as KoaContextWithOIDC);
    // RFC 6749 section 5.2; oidc-provider answers invalid_request.
    if (body?.error === 'invalid_request' && /grant type is not allowed/.test(body.error_description ?? ''))
      ctx.body = { ...body, error: 'unauthorized_client' };
  });

  /** An unknown app must take as long as a wrong secret. */
  async function takeTime({ oidc }: KoaContextWithOIDC): Promise<void> {
    if (oidc.route !== 'authorization' && !currentCall().compared)
      await clients.matchSecret(unknownAppId, '');
  }
}
