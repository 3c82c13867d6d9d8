// The rows of the table of usage.

import type { Database } from '../base/database/database.ts';

/** What one credential used on one day through one API. */
export interface UsageKey {
  /** `2027-01-31`, in UTC. */
  readonly day: string;
  /** As the rate limits name it: `key:…`, `app:<app>:<user>` or `user:…`. */
  readonly credential: string;
  readonly api: string;
  readonly userId: string;
  readonly appId: string | undefined;
}

export interface UsageCounts {
  requests: number;
  /** Responses with a status from 400 to 499, except 429. */
  errors: number;
  /** Responses with the status 429. */
  limited: number;
  /** Responses with a status of 500 and more. */
  failures: number;
  /** In units of the cost limit. */
  cost: number;
  /** The sum of the response times. */
  durationMs: number;
}

export const groupings = ['day', 'api', 'credential', 'user', 'app'] as const;
export type Grouping = (typeof groupings)[number];

/** Which usage to add up, and by what. */
export interface UsageFilter {
  /** First and last day. */
  readonly from: string;
  readonly to: string;
  readonly by: readonly Grouping[];
  readonly credential?: string;
  readonly userId?: string;
  readonly appId?: string;
  readonly api?: string;
}

export type UsageRow = Partial<Record<Grouping, string | null>> & UsageCounts;

const addText = `
INSERT INTO "portolan"."usage" AS u ("day", "credential", "api", "userId", "appId",
  "requests", "errors", "limited", "failures", "cost", "durationMs")
SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::uuid[], $5::text[],
  $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
ON CONFLICT ("day", "credential", "api") DO UPDATE SET
  "requests" = u."requests" + excluded."requests", "errors" = u."errors" + excluded."errors",
  "limited" = u."limited" + excluded."limited", "failures" = u."failures" + excluded."failures",
  "cost" = u."cost" + excluded."cost", "durationMs" = u."durationMs" + excluded."durationMs"`;

const counts = ['requests', 'errors', 'limited', 'failures', 'cost', 'durationMs'] as const;

/** Adds to the counts, all or none. @param used with each key once */
export async function addUsage(
  database: Database,
  used: readonly (readonly [UsageKey, UsageCounts])[],
): Promise<void> {
  // Instances that add at the same time must lock the rows in the same order.
  const sorted = [...used].sort(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const column = (of: (key: UsageKey, counts: UsageCounts) => string | number | undefined) =>
    sorted.map(([key, counts]) => of(key, counts) ?? null);
  const values = [
    column(({ day }) => day),
    column(({ credential }) => credential),
    column(({ api }) => api),
    column(({ userId }) => userId),
    column(({ appId }) => appId),
    ...counts.map(name => column((_, used) => Math.round(used[name]))),
  ];
  await database.query(addText, values, { name: 'usage_add' });
}

const orderOf = ({ day, credential, api }: UsageKey): string => `${day} ${credential} ${api}`;

const columns: Readonly<Record<Grouping, string>> = {
  day: `"day"::text`,
  api: `"api"`,
  credential: `"credential"`,
  user: `"userId"::text`,
  app: `"appId"`,
};

/** @returns the sums, in order of what they are grouped by; at most `take` */
export async function sumUsage(database: Database, filter: UsageFilter, take: number): Promise<UsageRow[]> {
  const { from, to, by, credential, userId, appId, api } = filter;
  const keys = by.map(grouping => columns[grouping]);
  const places = keys.map((_, index) => index + 1).join(', ');
  const { rows } = await database.query(
    `SELECT ${[...keys, ...counts.map(name => `sum("${name}")::text`)].join(', ')} FROM "portolan"."usage"
WHERE "day" BETWEEN $1::date AND $2::date AND ($3::text IS NULL OR "credential" = $3)
  AND ($4::uuid IS NULL OR "userId" = $4) AND ($5::text IS NULL OR "appId" = $5) AND ($6::text IS NULL OR "api" = $6)
${places && `GROUP BY ${places} ORDER BY ${places}`} LIMIT $7::bigint`,
    [from, to, credential ?? null, userId ?? null, appId ?? null, api ?? null, take],
  );
  return rows.map(row => {
    const keysOfRow = by.map((grouping, index) => [grouping, row[index] ?? null] as const);
    const countsOfRow = counts.map((name, index) => [name, Number(row[by.length + index] ?? 0)] as const);
    return {
      ...Object.fromEntries(keysOfRow),
      ...(Object.fromEntries(countsOfRow) as unknown as UsageCounts),
    };
  });
}

const clearText = `
DELETE FROM "portolan"."usage" WHERE ("day", "credential", "api") IN (
  SELECT "day", "credential", "api" FROM "portolan"."usage" WHERE "day" < current_date - $1::int LIMIT $2::bigint)`;

/** Deletes what is older than so many days. @returns how many rows, at most `take` */
export async function clearUsage(database: Database, days: number, take: number): Promise<number> {
  return (await database.query(clearText, [days, take])).rowCount;
}
