// The REST API for the audit log, declared.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { numberOption, textOrNull, time } from '../http/rest/fields.ts';
import { takeMax } from './create-audit.ts';
import { eventSchema } from './event.ts';

const text = (description: string) => v.optional(v.pipe(v.string(), v.description(description)));

export const auditOperations = declareOperations({
  list: {
    id: 'listAuditEvents',
    tag: 'Audit log',
    method: 'GET',
    path: '/api/audit',
    summary: 'Read the audit log, newest first',
    needs: ['admin'],
    query: v.strictObject({
      kind: text('`key.revoked`, or `key.*` for every event of keys.'),
      userId: text('The ID of the user concerned.'),
      subject: text('The ID of the key, app, grant or session concerned.'),
      actorUserId: text('The ID of the user who did it.'),
      address: text("The client's address."),
      from: v.optional(time()),
      to: v.optional(time('A time or a day, exclusive.')),
      take: v.optional(numberOption(1, takeMax)),
      after: text('`next` of the previous page.'),
    }),
    answer: v.object({
      events: v.array(eventSchema),
      next: v.pipe(textOrNull(), v.description('Pass it as `after`; null on the last page.')),
    }),
  },
});
