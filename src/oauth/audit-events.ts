// Audit events of the authorization server: codes and tokens issued, tokens revoked, clients refused.

import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Audit } from '../audit/create-audit.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import { currentCall, type Presented } from './call.ts';

export interface AuditEvents {
  /** Subscribes to a provider's events. */
  follow(provider: Provider): void;
  noteFamily(presented: Presented, reused: boolean): void;
  noteToken(claims: TokenClaims): void;
  /** Waits for pending writes. */
  close(): Promise<void>;
}

const errorEvents = ['grant.error', 'revocation.error', 'introspection.error'] as const;

export const createAuditEvents = (audit: Pick<Audit, 'record'>): AuditEvents => new EventRecorder(audit);

class EventRecorder implements AuditEvents {
  readonly #audit: Pick<Audit, 'record'>;
  readonly #writing = new Set<Promise<void>>();

  constructor(audit: Pick<Audit, 'record'>) {
    this.#audit = audit;
  }

  #note(event: AuditEvent): void {
    const written = this.#audit.record(event).finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }

  #noteOf(
    ctx: KoaContextWithOIDC,
    kind: string,
    details: Record<string, unknown>,
    principal: AuditEvent['principal'],
  ) {
    return this.#note({
      kind,
      userId: ctx.oidc.account?.accountId,
      subject: ctx.oidc.client?.clientId,
      request: currentCall().request,
      principal,
      details,
    });
  }

  follow(provider: Provider): void {
    provider.on('authorization.success', ctx =>
      this.#noteOf(
        ctx,
        'oauth.code-issued',
        { scopes: ctx.oidc.params?.scope },
        currentCall().session?.principal,
      ),
    );
    provider.on('grant.success', ctx => {
      const { AccessToken: ofUser, ClientCredentials: ofApp } = ctx.oidc.entities;
      const grant = ctx.oidc.params?.grant_type;
      const kind = grant === 'refresh_token' ? 'oauth.token-refreshed' : 'oauth.token-issued';
      const token = ofUser ?? ofApp;
      const details = { grant, scopes: token?.scope, tokenId: token?.jti };
      this.#noteOf(ctx, kind, details, toActor(ctx, token?.jti ?? ''));
    });
    for (const name of errorEvents)
      provider.on(name as 'grant.error', (ctx, error) => {
        if (error.message === 'invalid_client') this.#noteRefusal(ctx, error);
      });
  }

  #noteRefusal(ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void {
    const clientId = ctx.oidc.params?.client_id;
    const subject =
      ctx.oidc.client?.clientId ?? (typeof clientId === 'string' ? shorten(clientId) : undefined);
    const details = { endpoint: ctx.oidc.route, reason: error.error_detail };
    this.#note({ kind: 'oauth.client-refused', subject, request: currentCall().request, details });
  }

  noteFamily({ kind: what, clientId, userId }: Presented, reused: boolean): void {
    const kind = reused ? 'oauth.reuse-detected' : 'oauth.token-revoked';
    this.#note({ kind, userId, subject: clientId, request: currentCall().request, details: { what } });
  }

  noteToken({ id: tokenId, clientId, subject, grantId }: TokenClaims): void {
    const userId = grantId === undefined ? undefined : subject;
    const details = { what: 'AccessToken', tokenId };
    this.#note({
      kind: 'oauth.token-revoked',
      userId,
      subject: clientId,
      details,
      request: currentCall().request,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }
}

/** A token acts for its user; a token of the client credentials grant acts for the app's owner. */
function toActor({ oidc: { client, account } }: KoaContextWithOIDC, id: string): AuditEvent['principal'] {
  if (!client) return undefined;
  const userId = account?.accountId ?? String(client.app_owner);
  return { kind: 'token', id, userId, appId: client.clientId, name: client.clientName ?? client.clientId };
}

/** Keeps only what could be an id of the client's input. */
const shorten = (text: string): string => text.replace(/[^\w-]/g, '').slice(0, 40);
