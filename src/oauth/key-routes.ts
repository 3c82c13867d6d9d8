// The REST API for rotating the keys that sign tokens, which the command line uses.

import * as v from 'valibot';
import type { Audit } from '../audit/create-audit.ts';
import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { declareOperations } from '../http/message/operation.ts';
import { type Caller, type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { paths } from './settings.ts';

/** `POST /api/oauth/signing-keys`, declared. */
export const signingKeyOperations = declareOperations({
  rotate: {
    id: 'rotateSigningKeys',
    tag: 'Secrets',
    method: 'POST',
    path: paths.rotateKeys,
    summary: 'Create new keys for signing access tokens',
    notes: 'The older keys stay published as long as their tokens may be valid.',
    needs: ['admin'],
    answer: v.object({ keys: v.pipe(v.array(v.string()), v.description('The IDs of the new keys.')) }),
    status: 201,
  },
});

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
