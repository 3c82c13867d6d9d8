// When a user must sign in, and when they must be asked for consent.

import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { allowsRedirect } from '../apps/services/redirect-uri.ts';
import { coversScope, effectiveScopes } from '../auth/scopes/scopes.ts';
import { currentCall } from './call.ts';
import { mayBeIntercepted } from './redirect-uris.ts';

export interface ConsentQuestion {
  readonly confidential: boolean;
  readonly redirectUri: string;
  readonly requested: readonly string[];
  /** The user's scopes: consent is only asked for scopes that the user has. */
  readonly owned: readonly string[];
  /** The scopes that the user has granted to this app before. */
  readonly granted: readonly string[];
  /** The redirect URIs that the user has agreed to since they last changed. */
  readonly agreed: readonly string[];
}

/**
 * A user who has granted all of these scopes before, for this redirect URI, is not asked again. The redirect URI counts,
 * because the app's owner may change it. An app without a secret and without an HTTPS redirect URI cannot prove its
 * identity, so the user is always asked (RFC 8252 section 8.6).
 */
export function needsConsent(question: ConsentQuestion): boolean {
  const { confidential, redirectUri, requested, granted, owned, agreed } = question;
  if (!confidential && mayBeIntercepted(redirectUri)) return true;
  if (!allowsRedirect(agreed, redirectUri)) return true;
  const held = new Set(granted);
  const theirs = requested.filter(scope => effectiveScopes([scope], owned).length > 0);
  return theirs.length === 0 || theirs.some(scope => !coversScope(held, scope));
}

/** The result of the sign-in and consent pages. */
export interface InteractionResult {
  readonly login?: { readonly accountId: string };
  readonly consent?: { readonly accountId: string; readonly scopes: readonly string[] };
  readonly error?: string;
}

/** @param resource the resource indicator of the granted scopes */
export function createPolicy(resource: string): interactionPolicy.DefaultPolicy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  policy.clear();
  const signIn = new Check('no_session', 'the user must sign in', 'login_required', ctx => !accountOf(ctx));
  const ask = new Check('not_allowed', 'the user must be asked', 'consent_required', ctx =>
    needsConsentIn(ctx, resource),
  );
  policy.add(new Prompt({ name: 'login', requestable: true }, signIn));
  policy.add(new Prompt({ name: 'consent', requestable: true }, ask));
  return policy;
}

const accountOf = (ctx: KoaContextWithOIDC): string | undefined => ctx.oidc.session?.accountId;

function needsConsentIn(ctx: KoaContextWithOIDC, resource: string): boolean {
  const { client, params, grant } = ctx.oidc;
  const { consent } = resultOf(ctx);
  if (consent && consent.accountId === accountOf(ctx)) return false;
  return needsConsent({
    confidential: client?.clientAuthMethod !== 'none',
    redirectUri: String(params?.redirect_uri),
    requested: [...ctx.oidc.requestParamScopes],
    owned: [...(currentCall().session?.principal.scopes ?? [])],
    agreed: currentCall().agreedUris ?? [],
    granted: (grant?.getResourceScope(resource) ?? '').split(' '),
  });
}

/** @returns the result of the sign-in and consent pages, when oidc-provider continues after them */
export const resultOf = (ctx: KoaContextWithOIDC): InteractionResult =>
  (ctx.oidc.result ?? {}) as InteractionResult;
