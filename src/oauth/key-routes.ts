// The REST API for rotating the keys that sign tokens, which the command line uses.

import type { Audit } from '../audit/create-audit.ts';
import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { paths } from './settings.ts';

export interface KeyRoutesDeps {
  readonly signingKeys: Pick<SigningKeys, 'rotate'>;
  readonly audit: Pick<Audit, 'record'>;
}

export const keyRoutes = ({ signingKeys, audit }: KeyRoutesDeps): Route[] => [
  {
    method: 'POST',
    path: paths.rotateKeys,
    async handle(request, principal) {
      requireAdminFor('Rotating the keys of the server', principal);
      const keys = await signingKeys.rotate();
      await audit.record({ kind: 'oauth.keys-rotated', principal, request, details: { keys } });
      return json(201, { keys }, { 'cache-control': 'no-store' });
    },
  },
];
