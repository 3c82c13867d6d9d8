// Signing in at an OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1;
// RFC 9700). Who somebody is here is decided in external-people.ts.

import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { ProviderConfig } from '../../base/config/people-config.ts';
import { fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';

/** What the browser must bring back for a sign-in to be the one that it began. */
export interface Began {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who somebody is, as the provider says it. */
export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  readonly email?: string;
  /** Whether the provider knows the address to be theirs. */
  readonly emailVerified: boolean;
  readonly name: string;
}

export interface Provider {
  readonly name: string;
  /**
   * @param again whether the person must prove there once more who they are
   * @returns where to send the browser, and what it must bring back @throws UNAVAILABLE
   */
  begin(again?: boolean): Promise<{ readonly url: string; readonly began: Began }>;
  /** @param query of the redirect back @throws INVALID_CREDENTIAL, UNAVAILABLE */
  finish(query: string, began: Began): Promise<Claims>;
}

export const callbackPath = '/sign-in/provider/callback';

/** Providers change keys and addresses now and then. */
const discoveredMs = 3_600_000;
const timeoutSeconds = 10;

export function createProvider(config: ProviderConfig, publicUrl: string, log: Logger): Provider {
  const redirectUri = publicUrl + callbackPath;
  let known: { readonly at: number; readonly found: Promise<Configuration> } | undefined;

  function discover(): Promise<Configuration> {
    const now = Date.now();
    if (known && now - known.at < discoveredMs) return known.found;
    const insecure = config.issuer.startsWith('http:') ? { execute: [allowInsecureRequests] } : {};
    const found = discovery(new URL(config.issuer), config.clientId, config.clientSecret, undefined, {
      timeout: timeoutSeconds,
      ...insecure,
    });
    const entry = { at: now, found };
    found.catch(() => {
      if (known === entry) known = undefined;
    });
    known = entry;
    return found;
  }

  async function begin(again = false) {
    const client = await discover().catch(error => {
      log.error({ error, issuer: config.issuer }, 'the OpenID provider cannot be reached');
      throw unreachable(config.name);
    });
    const began = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: began.state,
      nonce: began.nonce,
      code_challenge: await calculatePKCECodeChallenge(began.verifier),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login' }),
    });
    return { url: url.href, began };
  }

  async function finish(query: string, { state, nonce, verifier }: Began): Promise<Claims> {
    try {
      const client = await discover();
      const tokens = await authorizationCodeGrant(client, new URL(`${redirectUri}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const said =
        claims.email === undefined ? await fetchUserInfo(client, tokens.access_token, claims.sub) : claims;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof said.email === 'string' ? said.email : undefined,
        emailVerified: said.email_verified === true,
        name: typeof said.name === 'string' ? said.name : '',
      };
    } catch (error) {
      throw refused(error);
    }
  }

  function refused(error: unknown) {
    if (error instanceof AuthorizationResponseError)
      return notSignedIn(`${config.name} says: ${error.error.slice(0, 100)}.`);
    // Whole errors of the client hold tokens.
    const { code, message } = error as { code?: string; message?: string };
    log.warn({ code, reason: message?.slice(0, 200) }, 'a sign-in at the OpenID provider was refused');
    return notSignedIn(`What ${config.name} answered is not good.`);
  }

  return { name: config.name, begin, finish };
}

export const notSignedIn = (hint: string) => fault('INVALID_CREDENTIAL', 'You are not signed in.', { hint });

const unreachable = (name: string) =>
  fault('UNAVAILABLE', `${name} cannot be reached.`, {
    hint: 'Try again later, or sign in with your password.',
  });
