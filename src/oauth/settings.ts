// Paths, lifetimes and parameters of the authorization server.

export const paths = {
  authorize: '/auth/oauth/authorize',
  token: '/auth/oauth/token',
  revoke: '/auth/oauth/revoke',
  introspect: '/auth/oauth/introspect',
  jwks: '/auth/oauth/jwks',
  interaction: '/auth/oauth/interaction',
  rotateKeys: '/api/oauth/signing-keys',
  metadata: '/.well-known/oauth-authorization-server',
} as const;

const day = 86_400;

/** In seconds. */
export const lifetimes = {
  code: 60,
  accessToken: 30 * day,
  refreshToken: 365 * day,
  /** How long a user may take to sign in and decide. */
  interaction: 3_600,
} as const;

/** How long the revocation of a token family is stored: longer than any of its tokens is valid. */
export const revokedFamilyMs = (lifetimes.refreshToken + day) * 1000;

/** Parameters of the authorization endpoint; any other is ignored (RFC 6749 section 3.1). */
export const authorizeParameters = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'prompt',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'request',
  'request_uri',
] as const;

/** Parameters of the token, revocation and introspection endpoints. */
export const tokenParameters = [
  'grant_type',
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'redirect_uri',
  'refresh_token',
  'scope',
  'resource',
  'token',
  'token_type_hint',
] as const;
