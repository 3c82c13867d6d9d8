// What the audit trail is told of the authorization server: who got what, what was taken back, and who was refused.

import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Audit } from '../audit/create-audit.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import { currentCall, type Presented } from './call.ts';

export interface AuditEvents {
  /** Listens to a provider. */
  follow(provider: Provider): void;
  noteFamily(presented: Presented, reused: boolean): void;
  noteToken(claims: TokenClaims): void;
  /** Waits for what is still being written. */
  close(): Promise<void>;
}

const refusable = ['grant.error', 'revocation.error', 'introspection.error'] as const;

export function createAuditEvents(audit: Pick<Audit, 'record'>): AuditEvents {
  const writing = new Set<Promise<void>>();

  function note(event: AuditEvent): void {
    const written = audit.record(event).finally(() => writing.delete(written));
    writing.add(written);
  }

  type Who = AuditEvent['principal'];

  const noteOf = (ctx: KoaContextWithOIDC, kind: string, details: Record<string, unknown>, principal: Who) =>
    note({
      kind,
      userId: ctx.oidc.account?.accountId,
      subject: ctx.oidc.client?.clientId,
      request: currentCall().request,
      principal,
      details,
    });

  function follow(provider: Provider): void {
    provider.on('authorization.success', ctx =>
      noteOf(ctx, 'oauth.code-issued', { scopes: ctx.oidc.params?.scope }, currentCall().session?.principal),
    );
    provider.on('grant.success', ctx => {
      const { AccessToken: ofUser, ClientCredentials: ofApp } = ctx.oidc.entities;
      const grant = ctx.oidc.params?.grant_type;
      const kind = grant === 'refresh_token' ? 'oauth.token-refreshed' : 'oauth.token-issued';
      const token = ofUser ?? ofApp;
      const details = { grant, scopes: token?.scope, tokenId: token?.jti };
      noteOf(ctx, kind, details, toActor(ctx, token?.jti ?? ''));
    });
    for (const name of refusable)
      provider.on(name as 'grant.error', (ctx, error) => {
        if (error.message === 'invalid_client') noteRefusal(ctx, error);
      });
  }

  function noteRefusal(ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void {
    const named = ctx.oidc.params?.client_id;
    const subject = ctx.oidc.client?.clientId ?? (typeof named === 'string' ? shorten(named) : undefined);
    const details = { endpoint: ctx.oidc.route, reason: error.error_detail };
    note({ kind: 'oauth.client-refused', subject, request: currentCall().request, details });
  }

  return {
    follow,
    noteFamily({ kind: what, clientId, userId }, reused) {
      const kind = reused ? 'oauth.reuse-detected' : 'oauth.token-revoked';
      note({ kind, userId, subject: clientId, request: currentCall().request, details: { what } });
    },
    noteToken({ id: tokenId, clientId, subject, grantId }) {
      const userId = grantId === undefined ? undefined : subject;
      const details = { what: 'AccessToken', tokenId };
      note({
        ...{ kind: 'oauth.token-revoked', userId, subject: clientId, details },
        request: currentCall().request,
      });
    },
    async close() {
      await Promise.all(writing);
    },
  };
}

/** An app gets a token for its user, or for itself: then it acts for its owner. */
function toActor({ oidc: { client, account } }: KoaContextWithOIDC, id: string): AuditEvent['principal'] {
  if (!client) return undefined;
  const userId = account?.accountId ?? String(client.app_owner);
  return { kind: 'token', id, userId, appId: client.clientId, name: client.clientName ?? client.clientId };
}

/** What somebody typed is kept as far as it could be an id. */
const shorten = (text: string): string => text.replace(/[^\w-]/g, '').slice(0, 40);
