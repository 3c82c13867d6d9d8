// Sign-in with an OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1;
// RFC 9700). `external-users.ts` maps the identity to a user.

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
import type { ProviderConfig } from '../../base/config/users-config.ts';
import { fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';

/** The state of a sign-in, which the browser that began it must bring back. */
export interface Began {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The identity as the provider reports it. */
export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  readonly email?: string;
  /** Whether the provider verified the address. */
  readonly emailVerified: boolean;
  readonly name: string;
}

export interface Provider {
  readonly name: string;
  /**
   * @param again whether the user must authenticate again
   * @returns where to redirect the browser, and the state to keep in it @throws UNAVAILABLE
   */
  begin(again?: boolean): Promise<{ readonly url: string; readonly began: Began }>;
  /** @param query the query of the callback @throws INVALID_CREDENTIAL, UNAVAILABLE */
  finish(query: string, began: Began): Promise<Claims>;
}

export const callbackPath = '/sign-in/provider/callback';

/** Providers rotate keys and change endpoints occasionally. */
const discoveredMs = 3_600_000;
const timeoutSeconds = 10;

export const createProvider = (config: ProviderConfig, publicUrl: string, log: Logger): Provider =>
  new OpenIdProvider(config, publicUrl + callbackPath, log);

class OpenIdProvider implements Provider {
  readonly #config: ProviderConfig;
  readonly #redirectUri: string;
  readonly #log: Logger;
  #known: { readonly at: number; readonly found: Promise<Configuration> } | undefined;

  constructor(config: ProviderConfig, redirectUri: string, log: Logger) {
    this.#config = config;
    this.#redirectUri = redirectUri;
    this.#log = log;
  }

  get name() {
    return this.#config.name;
  }

  #discover(): Promise<Configuration> {
    const now = Date.now();
    if (this.#known && now - this.#known.at < discoveredMs) return this.#known.found;
    const insecure = this.#config.issuer.startsWith('http:') ? { execute: [allowInsecureRequests] } : {};
    const found = discovery(
      new URL(this.#config.issuer),
      this.#config.clientId,
      this.#config.clientSecret,
      undefined,
      {
        timeout: timeoutSeconds,
        ...insecure,
      },
    );
    const entry = { at: now, found };
    found.catch(() => {
      if (this.#known === entry) this.#known = undefined;
    });
    this.#known = entry;
    return found;
  }

  async begin(again = false) {
    const client = await this.#discover().catch(error => {
      this.#log.error({ error, issuer: this.#config.issuer }, 'the OpenID provider cannot be reached');
      throw unreachable(this.#config.name);
    });
    const began = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(client, {
      redirect_uri: this.#redirectUri,
      scope: 'openid email profile',
      state: began.state,
      nonce: began.nonce,
      code_challenge: await calculatePKCECodeChallenge(began.verifier),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login' }),
    });
    return { url: url.href, began };
  }

  async finish(query: string, { state, nonce, verifier }: Began): Promise<Claims> {
    try {
      const client = await this.#discover();
      const tokens = await authorizationCodeGrant(client, new URL(`${this.#redirectUri}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const profile =
        claims.email === undefined ? await fetchUserInfo(client, tokens.access_token, claims.sub) : claims;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof profile.email === 'string' ? profile.email : undefined,
        emailVerified: profile.email_verified === true,
        name: typeof profile.name === 'string' ? profile.name : '',
      };
    } catch (error) {
      throw this.#rejected(error);
    }
  }

  #rejected(error: unknown) {
    if (error instanceof AuthorizationResponseError)
      return notSignedIn(`${this.#config.name} returned the error "${error.error.slice(0, 100)}".`);
    // The client's errors contain tokens: log only these members.
    const { code, message } = error as { code?: string; message?: string };
    this.#log.warn(
      { code, reason: message?.slice(0, 200) },
      'a sign-in with the OpenID provider was rejected',
    );
    return notSignedIn(`The response from ${this.#config.name} is not valid.`);
  }
}

export const notSignedIn = (hint: string) => fault('INVALID_CREDENTIAL', 'Sign-in failed.', { hint });

const unreachable = (name: string) =>
  fault('UNAVAILABLE', `${name} cannot be reached.`, {
    hint: 'Try again later, or sign in with your password.',
  });
