// Every job that runs on a schedule, in one list: each deletes what has expired. One instance runs it for all.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Auth } from './auth/create-auth.ts';
import type { Config } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import { clearChanges } from './changes/retention.ts';
import type { Idempotency } from './idempotency/idempotency.ts';
import type { JobDefinition } from './jobs/job.ts';
import type { Oauth } from './oauth/create-oauth.ts';
import type { Usage } from './usage/usage-recorder.ts';
import type { UserServices } from './users/services/create-user-services.ts';
import type { WebhookServices } from './webhooks/webhook-services.ts';

export interface ScheduledJobsDeps {
  readonly database: Database;
  readonly config: Pick<Config, 'auditRetentionDays' | 'changeRetentionDays' | 'usageRetentionDays'>;
  readonly auth: Pick<Auth, 'sessions' | 'audit'>;
  readonly idempotency: Pick<Idempotency, 'clear'>;
  readonly oauth: Pick<Oauth, 'clear'>;
  readonly usage: Pick<Usage, 'clear'>;
  readonly users: Pick<UserServices, 'clearLinks'>;
  readonly webhooks: Pick<WebhookServices, 'clear'>;
}

/** The minutes differ, so that one of them runs at a time. */
export function scheduledJobs(deps: ScheduledJobsDeps): JobDefinition[] {
  const { database, config, auth, idempotency, oauth, usage, users, webhooks } = deps;
  const { auditRetentionDays, changeRetentionDays, usageRetentionDays } = config;
  return [
    clearing('clear-idempotent-answers', '*/15 * * * *', () => idempotency.clear()),
    clearing('clear-oauth', '7 * * * *', () => oauth.clear()),
    clearing('clear-sessions', '12 * * * *', () => auth.sessions.clear()),
    clearing('clear-webhook-deliveries', '37 * * * *', () => webhooks.clear()),
    clearing('clear-sign-in-links', '17 * * * *', () => users.clearLinks()),
    ...kept(auditRetentionDays, days =>
      clearing('clear-audit-log', '22 * * * *', () => auth.audit.clear(days)),
    ),
    ...kept(changeRetentionDays, days =>
      clearing('clear-change-log', '27 * * * *', () => clearChanges(database, days)),
    ),
    ...kept(usageRetentionDays, days => clearing('clear-usage', '32 * * * *', () => usage.clear(days))),
  ];
}

/** Batches leave room for others between them. */
const pauseMs = 100;

/** @param clear deletes a batch; true means that there may be more */
const clearing = (name: string, schedule: string, clear: () => Promise<boolean>): JobDefinition => ({
  name,
  schedule,
  async run(_payload, { signal }) {
    while (await clear()) await sleep(pauseMs, undefined, { signal });
  },
});

/** @param days 0 for ever */
const kept = (days: number, job: (days: number) => JobDefinition): JobDefinition[] =>
  days === 0 ? [] : [job(days)];
