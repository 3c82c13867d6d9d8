// The REST API for SafeStore rotation, which the command line uses: /api/safestore.

import { requireAdminFor } from '../base/require-admin.ts';
import { flagIn, readMembers, textIn } from '../http/message/json-members.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { Auth } from './create-auth.ts';

const path = '/api/safestore';
/** One request reseals values for this long, and returns where the next request continues. */
const timeMs = 5_000;

export function sealRoutes({
  auth: { sealRotation, audit },
}: {
  auth: Pick<Auth, 'sealRotation' | 'audit'>;
}): Route[] {
  return [
    {
      method: 'GET',
      path,
      async handle(_, principal) {
        requireAdminFor('SafeStore', principal);
        return json(200, await sealRotation.status());
      },
    },
    {
      method: 'POST',
      path: `${path}/rotate`,
      async handle(request, principal) {
        requireAdminFor('SafeStore', principal);
        const members = await readMembers(request, ['userKeys', 'from']);
        const userKeys = flagIn(members, 'userKeys');
        const from = textIn(members, 'from');
        const result = await sealRotation.run({ userKeys, from, timeMs });
        const { next: _, ...details } = result;
        await audit.record({ kind: 'safestore.rotated', principal, request, details });
        return json(200, { ...result, remaining: (await sealRotation.status()).remaining });
      },
    },
  ];
}
