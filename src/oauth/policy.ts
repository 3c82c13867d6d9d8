// When a person must sign in, and when a person must be asked.

import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { allowsRedirect } from '../apps/services/redirect-uri.ts';
import { coversScope, effectiveScopes } from '../auth/scopes/scopes.ts';
import { currentCall } from './call.ts';
import { mayBeIntercepted } from './redirect-uris.ts';

export interface ConsentQuestion {
  readonly confidential: boolean;
  readonly redirectUri: string;
  readonly asked: readonly string[];
  /** What the user may do: nobody is asked for what they do not have. */
  readonly owned: readonly string[];
  /** What the user has allowed this app before. */
  readonly granted: readonly string[];
  /** Where the user has agreed to be sent, since the app's addresses last changed. */
  readonly agreed: readonly string[];
}

/**
 * Who has allowed all of this before, and to be sent to this address, is not asked again: whoever manages the app may give
 * it other addresses. Of an app without a secret that is not reached by HTTPS nobody
 * knows whether it is the one that was allowed (RFC 8252 section 8.6).
 */
export function mustAsk(question: ConsentQuestion): boolean {
  const { confidential, redirectUri, asked, granted, owned, agreed } = question;
  if (!confidential && mayBeIntercepted(redirectUri)) return true;
  if (!allowsRedirect(agreed, redirectUri)) return true;
  const held = new Set(granted);
  const theirs = asked.filter(scope => effectiveScopes([scope], owned).length > 0);
  return theirs.length === 0 || theirs.some(scope => !coversScope(held, scope));
}

/** What our interaction pages answer. */
export interface InteractionResult {
  readonly login?: { readonly accountId: string };
  readonly consent?: { readonly accountId: string; readonly scopes: readonly string[] };
  readonly error?: string;
}

/** @param resource whose scopes are granted */
export function createPolicy(resource: string): interactionPolicy.DefaultPolicy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  policy.clear();
  const signIn = new Check('no_session', 'the user must sign in', 'login_required', ctx => !accountOf(ctx));
  const ask = new Check('not_allowed', 'the user must be asked', 'consent_required', ctx =>
    mustAskIn(ctx, resource),
  );
  policy.add(new Prompt({ name: 'login', requestable: true }, signIn));
  policy.add(new Prompt({ name: 'consent', requestable: true }, ask));
  return policy;
}

const accountOf = (ctx: KoaContextWithOIDC): string | undefined => ctx.oidc.session?.accountId;

function mustAskIn(ctx: KoaContextWithOIDC, resource: string): boolean {
  const { client, params, grant } = ctx.oidc;
  const { consent } = resultOf(ctx);
  if (consent && consent.accountId === accountOf(ctx)) return false;
  return mustAsk({
    confidential: client?.clientAuthMethod !== 'none',
    redirectUri: String(params?.redirect_uri),
    asked: [...ctx.oidc.requestParamScopes],
    owned: [...(currentCall().session?.principal.scopes ?? [])],
    agreed: currentCall().agreedUris ?? [],
    granted: (grant?.getResourceScope(resource) ?? '').split(' '),
  });
}

/** @returns what our pages answered, where oidc-provider goes on after them */
export const resultOf = (ctx: KoaContextWithOIDC): InteractionResult =>
  (ctx.oidc.result ?? {}) as InteractionResult;
