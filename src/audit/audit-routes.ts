// The REST API for the audit log: GET /api/audit, for administrators.

import { type Fault, fault } from '../base/errors.ts';
import { readIsoTime } from '../base/iso-time.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import { readQueryOptions } from '../http/message/query-options.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { type Audit, takeMax } from './create-audit.ts';
import type { AuditFilter, AuditPage } from './event.ts';

export function auditRoutes({ audit }: { audit: Pick<Audit, 'list'> }): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/audit',
      async handle({ query }, principal) {
        requireAdminFor('The audit log', principal);
        const { filter, page } = readQuery(query);
        return json(200, await audit.list(filter, page), { 'cache-control': 'no-store' });
      },
    },
  ];
}

const options = ['kind', 'userId', 'subject', 'actorUserId', 'address', 'from', 'to', 'take', 'after'];

function readQuery(query: string): { filter: AuditFilter; page: AuditPage } {
  const params = readQueryOptions(query, options);
  const text = (name: string) => params.get(name) ?? undefined;
  return {
    filter: {
      kind: text('kind'),
      userId: text('userId'),
      subject: text('subject'),
      actorUserId: text('actorUserId'),
      address: text('address'),
      from: timeIn(params, 'from'),
      to: timeIn(params, 'to'),
    },
    page: { take: takeIn(params), after: text('after') },
  };
}

function timeIn(params: URLSearchParams, name: string): Date | undefined {
  const text = params.get(name);
  const time = text === null ? undefined : readIsoTime(text);
  if (text === null || time) return time;
  throw invalid(name, 'a time such as 2027-01-01 or 2027-01-01T12:00:00Z');
}

function takeIn(params: URLSearchParams): number | undefined {
  const text = params.get('take');
  if (text === null) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw invalid('take', `a number from 1 to ${takeMax}`);
}

const invalid = (target: string, expected: string): Fault =>
  fault('INVALID_VALUE', `"${target}" must be ${expected}.`, { target });
