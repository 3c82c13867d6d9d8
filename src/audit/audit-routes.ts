// The REST API for the audit log: GET /api/audit, for administrators.

import { requireAdminFor } from '../base/require-admin.ts';
import { type Caller, type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { auditOperations } from './audit-operations.ts';
import type { Audit } from './create-audit.ts';

export const auditRoutes = ({ audit }: { audit: Pick<Audit, 'list'> }): RestRoute[] => [
  restRoute(
    auditOperations.list,
    ({ query: { take, after, ...filter } }) => audit.list(filter, { take, after }),
    { before: requireAdmin },
  ),
];

function requireAdmin({ principal }: Caller): void {
  if (principal) requireAdminFor('The audit log', principal);
}
