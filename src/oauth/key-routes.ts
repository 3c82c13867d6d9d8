// The REST API for rotating the keys that sign tokens, which the command line uses.

import type { Audit } from '../audit/create-audit.ts';
import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { type Caller, type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { signingKeyOperations } from './key-operations.ts';

export interface KeyRoutesDeps {
  readonly signingKeys: Pick<SigningKeys, 'rotate'>;
  readonly audit: Pick<Audit, 'record'>;
}

export const keyRoutes = ({ signingKeys, audit }: KeyRoutesDeps): RestRoute[] => [
  restRoute(
    signingKeyOperations.rotate,
    async (_, caller) => {
      const keys = await signingKeys.rotate();
      await audit.record({ kind: 'oauth.keys-rotated', ...caller, details: { keys } });
      return { keys };
    },
    { before: requireAdmin },
  ),
];

function requireAdmin({ principal }: Caller): void {
  if (principal) requireAdminFor('Rotating the keys of the server', principal);
}
