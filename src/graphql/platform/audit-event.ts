// The audit log, for administrators.

import type { KeptEvent } from '../../audit/event.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

export const auditEvents: PlatformPart = {
  scope: 'admin',
  queries: ['auditEvents'],
  add(builder) {
    const event = eventType(builder);
    const list = listType(builder, { event });
    addAuditEvents(builder, { list });
  },
};

const eventType = (builder: Builder) =>
  builder.objectRef<KeptEvent>('AuditEvent').implement({
    description: 'An event that concerns users, credentials, grants or secrets.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      at: t.expose('at', { type: 'DateTime', nullable: false }),
      kind: t.exposeString('kind', { nullable: false, description: 'For example `key.created`.' }),
      userId: t.exposeString('userId', {
        nullable: true,
        description: 'The id of the user whom it concerns.',
      }),
      subject: t.exposeString('subject', {
        nullable: true,
        description: 'The id of the key, app, grant or session that it concerns.',
      }),
      actor: t.expose('actor', {
        type: 'Json',
        nullable: true,
        description: 'Who did it: kind, id, userId, appId and name. null: the server or its operator.',
      }),
      address: t.exposeString('address', { nullable: true }),
      userAgent: t.exposeString('userAgent', { nullable: true }),
      requestId: t.exposeString('requestId', { nullable: true }),
      details: t.expose('details', { type: 'Json', nullable: true }),
    }),
  });

const listType = (builder: Builder, { event }: { readonly event: ReturnType<typeof eventType> }) =>
  builder.objectRef<{ events: readonly KeptEvent[]; next: string | null }>('AuditEventList').implement({
    description: 'A page of the audit log, newest first.',
    fields: t => ({
      events: t.field({ type: [event], nullable: false, resolve: page => [...page.events] }),
      next: t.exposeString('next', {
        nullable: true,
        description: 'The value of `after` for the next page; null on the last page.',
      }),
    }),
  });

function addAuditEvents(builder: Builder, { list }: { readonly list: ReturnType<typeof listType> }): void {
  builder.queryField('auditEvents', t =>
    t.field({
      type: list,
      nullable: false,
      description:
        'The audit log: events that concern users, credentials, grants and secrets. Needs the scope `admin`.',
      args: {
        kind: t.arg.string({ description: '`key.revoked`, or `key.*` for all events that concern keys.' }),
        userId: t.arg.string({ description: 'The id of the user whom it concerns.' }),
        subject: t.arg.string(),
        actorUserId: t.arg.string({ description: 'The id of the user who did it.' }),
        address: t.arg.string(),
        from: t.arg({ type: 'DateTime' }),
        to: t.arg({ type: 'DateTime', description: 'Exclusive.' }),
        take: t.arg.int({ description: '1 to 500; 100 by default.' }),
        after: t.arg.string({ description: '`next` of the previous page.' }),
      },
      resolve: (_root, { take, after, from, to, ...texts }, { services }) =>
        services.audit.list(
          { ...present(texts), from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined },
          present({ take, after }),
        ),
    }),
  );
}

/** @returns the entries that are not null */
const present = <Value>(values: Readonly<Record<string, Value | null | undefined>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] != null));
