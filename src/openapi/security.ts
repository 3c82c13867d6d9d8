// The credentials that the REST API accepts.

import type { Operation } from '../http/message/operation.ts';

/** What the document says about this server. */
export interface ServerDescription {
  readonly publicUrl: string;
  /** The scopes, with a description of each. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly endpoints: { readonly authorize: string; readonly token: string };
}

export function securitySchemes({ publicUrl, scopes, endpoints }: ServerDescription) {
  const authorizationUrl = publicUrl + endpoints.authorize;
  const tokenUrl = publicUrl + endpoints.token;
  return {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
    basic: { type: 'http', scheme: 'basic', description: 'An API key as the password, with any user name.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'An access token.' },
    oauth2: {
      type: 'oauth2',
      description: 'An access token for an app. The authorization code flow requires PKCE.',
      flows: {
        authorizationCode: { authorizationUrl, tokenUrl, refreshUrl: tokenUrl, scopes },
        clientCredentials: { tokenUrl, scopes },
      },
    },
  };
}

/** @returns one of which a request must have, with the scopes that every caller needs */
export function securityOf({ needs }: Operation): Record<string, readonly string[]>[] {
  if (needs === 'open') return [];
  return [{ apiKey: [] }, { basic: [] }, { bearer: [] }, { oauth2: needs ?? [] }];
}
