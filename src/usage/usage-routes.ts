// The REST API for usage: GET /api/usage.

import type { Database } from '../base/database/database.ts';
import { type Fault, fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { isUuid } from '../base/uuid.ts';
import { senderKey } from '../http/limits/request-limits.ts';
import { readQueryOptions } from '../http/message/query-options.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { Usage } from './usage-recorder.ts';
import {
  type Grouping,
  groupings,
  sumUsage,
  type UsageCounts,
  type UsageFilter,
  type UsageRow,
} from './usage-store.ts';

export interface UsageRoutesDeps {
  readonly database: Database;
  readonly usage: Pick<Usage, 'flush'>;
}

const options = ['from', 'to', 'by', 'credential', 'user', 'app', 'api'];
const rowsMax = 10_000;
const daysDefault = 30;
const dayMs = 86_400_000;

/**
 * `GET /api/usage?from=2027-01-01&to=2027-01-31&by=day,api`: requests, errors and cost, added up. A signed-in user gets the
 * usage of all their credentials, another credential its own, and one with the scope `admin` that of all.
 */
export function usageRoutes({ database, usage }: UsageRoutesDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/usage',
      async handle({ query }, principal) {
        const filter = ownOnly(readQuery(query), principal);
        await usage.flush();
        const rows = await sumUsage(database, filter, rowsMax + 1);
        if (rows.length > rowsMax) throw tooMany();
        const { from, to } = filter;
        return json(200, { from, to, usage: rows.map(toView) }, { 'cache-control': 'no-store' });
      },
    },
  ];
}

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

function readQuery(query: string): UsageFilter {
  const params = readQueryOptions(query, options);
  const text = (name: string) => params.get(name) || undefined;
  const to = dayIn(params, 'to') ?? toDay(Date.now());
  const from = dayIn(params, 'from') ?? toDay(Date.parse(to) - (daysDefault - 1) * dayMs);
  if (from > to) throw fault('INVALID_VALUE', `"from" (${from}) is after "to" (${to}).`, { target: 'from' });
  const userId = text('user');
  if (userId !== undefined && !isUuid(userId)) throw invalid('user', 'the id of a user');
  return {
    from,
    to,
    by: groupingsIn(params),
    userId,
    credential: text('credential'),
    appId: text('app'),
    api: text('api'),
  };
}

const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);

function dayIn(params: URLSearchParams, name: string): string | undefined {
  const text = params.get(name);
  if (text === null) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || toDay(time) !== text) throw invalid(name, 'a day such as 2027-01-31');
  return text;
}

function groupingsIn(params: URLSearchParams): Grouping[] {
  const text = params.get('by');
  if (text === '') return [];
  const names = [...new Set((text ?? 'day').split(',').map(name => name.trim()))];
  const unknown = names.find(name => !groupings.includes(name as Grouping));
  if (unknown !== undefined) throw invalid('by', `a list of ${groupings.join(', ')}`);
  return names as Grouping[];
}

const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
