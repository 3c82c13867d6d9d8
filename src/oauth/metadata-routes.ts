// The authorization server's metadata (RFC 8414) and public keys (RFC 7517).

import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { paths } from './settings.ts';

export interface MetadataRoutesDeps {
  readonly publicUrl: string;
  readonly knownScopes: readonly string[];
  readonly signingKeys: Pick<SigningKeys, 'current'>;
}

/** Clients fetch the keys again when they see an unknown key id. */
const cached = { 'cache-control': 'public, max-age=300' };

export function metadataRoutes({ publicUrl, knownScopes, signingKeys }: MetadataRoutesDeps): Route[] {
  const metadata = JSON.stringify(toMetadata(publicUrl, knownScopes));
  return [
    { method: 'GET', path: paths.metadata, open: true, handle: () => json(200, metadata, cached) },
    {
      method: 'GET',
      path: paths.jwks,
      open: true,
      async handle() {
        const { published } = await signingKeys.current();
        const type = { 'content-type': 'application/jwk-set+json; charset=utf-8' };
        return json(200, { keys: published }, { ...cached, ...type });
      },
    },
  ];
}

/** Uses only the configuration, so that no request header can change an address in it. */
function toMetadata(issuer: string, scopes: readonly string[]) {
  const methods = ['client_secret_post', 'client_secret_basic', 'none'];
  return {
    issuer,
    authorization_endpoint: issuer + paths.authorize,
    token_endpoint: issuer + paths.token,
    revocation_endpoint: issuer + paths.revoke,
    introspection_endpoint: issuer + paths.introspect,
    jwks_uri: issuer + paths.jwks,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
