// The REST API for SafeStore rotation, which the command line uses: /api/safestore.

import { requireAdminFor } from '../base/require-admin.ts';
import { type Caller, type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import type { Auth } from './create-auth.ts';
import { sealOperations } from './seal-operations.ts';

/** One request reseals values for this long, and returns where the next request continues. */
const timeMs = 5_000;

export interface SealRoutesDeps {
  readonly auth: Pick<Auth, 'sealRotation' | 'audit'>;
}

export const sealRoutes = ({ auth: { sealRotation, audit } }: SealRoutesDeps): RestRoute[] => [
  restRoute(sealOperations.status, () => sealRotation.status(), { before: requireAdmin }),
  restRoute(
    sealOperations.rotate,
    async ({ body }, caller) => {
      const result = await sealRotation.run({ ...body, timeMs });
      const { next: _, ...details } = result;
      await audit.record({ kind: 'safestore.rotated', ...caller, details });
      return { ...result, remaining: (await sealRotation.status()).remaining };
    },
    { before: requireAdmin },
  ),
];

function requireAdmin({ principal }: Caller): void {
  if (principal) requireAdminFor('SafeStore', principal);
}
