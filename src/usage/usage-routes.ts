// The REST API for usage: GET /api/usage.

import type { Database } from '../base/database/database.ts';
import { type Fault, fault } from '../base/errors.ts';
import { anonymous, type Principal } from '../base/principal.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { senderKey } from '../http/limits/request-limits.ts';
import { type InputOf, type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { usageOperations } from './usage-operations.ts';
import type { Usage } from './usage-recorder.ts';
import { sumUsage, type UsageCounts, type UsageFilter, type UsageRow } from './usage-store.ts';

export interface UsageRoutesDeps {
  readonly database: Database;
  readonly usage: Pick<Usage, 'flush'>;
}

const rowsMax = 10_000;
const daysDefault = 30;
const dayMs = 86_400_000;

/**
 * `GET /api/usage?from=2027-01-01&to=2027-01-31&by=day,api`: requests, errors and cost, added up. A signed-in user gets the
 * usage of all their credentials, another credential its own, and one with the scope `admin` that of all.
 */
export const usageRoutes = ({ database, usage }: UsageRoutesDeps): RestRoute[] => [
  restRoute(usageOperations.get, async ({ query }, { principal = anonymous }) => {
    const filter = ownOnly(toFilter(query), principal);
    await usage.flush();
    const rows = await sumUsage(database, filter, rowsMax + 1);
    if (rows.length > rowsMax) throw tooMany();
    const { from, to } = filter;
    return { from, to, usage: rows.map(toView) };
  }),
];

const tooMany = (): Fault =>
  fault('LIMIT_EXCEEDED', `This usage has more than ${rowsMax} rows.`, {
    hint: 'Request fewer days with "from" and "to", or fewer groups with "by".',
    target: 'by',
  });

function toView({ durationMs, ...row }: UsageRow): Omit<UsageRow, keyof Pick<UsageCounts, 'durationMs'>> & {
  readonly meanMs: number;
} {
  return { ...row, meanMs: row.requests === 0 ? 0 : Math.round((durationMs / row.requests) * 10) / 10 };
}

/** @throws SCOPE_MISSING for the usage of another user */
function ownOnly(filter: UsageFilter, principal: Principal): UsageFilter {
  if (principal.scopes.has('admin')) return filter;
  const { kind, userId } = principal;
  const own = senderKey(principal);
  const isOthers =
    (filter.userId !== undefined && filter.userId !== userId) ||
    (kind !== 'session' && filter.credential !== undefined && filter.credential !== own);
  if (isOthers) requireAdminFor('The usage of others', principal);
  return kind === 'session' ? { ...filter, userId } : { ...filter, userId, credential: own };
}

type Options = InputOf<typeof usageOperations.get>['query'];

/** @throws INVALID_VALUE */
function toFilter({ user, app, by = ['day'], ...options }: Options): UsageFilter {
  const to = options.to ?? toDay(Date.now());
  const from = options.from ?? toDay(Date.parse(to) - (daysDefault - 1) * dayMs);
  if (from > to) throw fault('INVALID_VALUE', `"from" (${from}) is after "to" (${to}).`, { target: 'from' });
  return { ...options, from, to, by, userId: user, appId: app };
}

const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
