// The REST API for usage, declared: GET /api/usage.

import * as v from 'valibot';
import { isUuid } from '../base/uuid.ts';
import { declareOperations } from '../http/message/operation.ts';
import { type Grouping, groupings } from './usage-store.ts';

const dayText = 'a day such as 2027-01-31';

const day = (description: string) =>
  v.optional(v.pipe(v.string(), v.metadata({ description, format: 'date' }), v.check(isDay, dayText)));

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** An empty option counts as absent. */
const text = (description: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.description(description),
      v.transform(value => value || undefined),
    ),
  );

const by = v.pipe(
  v.string(),
  v.description(`What to add up by, separated by commas: ${groupings.join(', ')}. Default: day.`),
  v.transform(list => (list === '' ? [] : [...new Set(list.split(',').map(name => name.trim()))])),
  v.check(
    names => names.every(name => groupings.includes(name as Grouping)),
    `a list of ${groupings.join(', ')}`,
  ),
  v.transform(names => names as Grouping[]),
);

const group = () => v.optional(v.nullable(v.string()));

export const usageOperations = declareOperations({
  get: {
    id: 'getUsage',
    tag: 'Usage',
    method: 'GET',
    path: '/api/usage',
    summary: 'Add up requests, errors and cost',
    notes:
      'A session gets the usage of all credentials of its user, another credential its own, and with the scope `admin` that of all.',
    query: v.strictObject({
      from: day('The first day, in UTC. Default: 30 days up to `to`.'),
      to: day('The last day, in UTC. Default: today.'),
      by: v.optional(by),
      credential: text('Only this credential, as `by=credential` names it.'),
      user: v.optional(
        v.pipe(
          v.string(),
          v.description('The ID of a user: only the usage of this user.'),
          v.transform(value => value || undefined),
          v.check(value => value === undefined || isUuid(value), 'the ID of a user'),
        ),
      ),
      app: text('A client ID: only the usage of this app.'),
      api: text('Only this API, as `by=api` names it.'),
    }),
    answer: v.object({
      from: v.string(),
      to: v.string(),
      usage: v.array(
        v.object({
          day: group(),
          api: group(),
          credential: group(),
          user: group(),
          app: group(),
          requests: v.number(),
          errors: v.pipe(v.number(), v.description('Responses with a status from 400 to 499, except 429.')),
          limited: v.pipe(v.number(), v.description('Responses with the status 429.')),
          failures: v.pipe(v.number(), v.description('Responses with a status of 500 and more.')),
          cost: v.pipe(v.number(), v.description('In the units of the header `Portolan-Cost`.')),
          meanMs: v.pipe(v.number(), v.description('The mean response time.')),
        }),
      ),
    }),
    errors: ['SCOPE_MISSING', 'LIMIT_EXCEEDED'],
  },
});
