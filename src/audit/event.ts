import * as v from 'valibot';
import type { Principal } from '../base/principal.ts';
import type { Incoming } from '../http/message/message.ts';
import { textOrNull } from '../http/rest/fields.ts';
import type { Immutable } from '../http/rest/immutable.ts';

/** An action to record. It must not contain a secret. */
export interface AuditEvent {
  /** `<subject>.<action>`, for example `sign-in.failed` or `key.created`. */
  readonly kind: string;
  /** The user concerned. */
  readonly userId?: string;
  /** The id of the key, app, grant or session concerned. */
  readonly subject?: string;
  /** Who did it; undefined: the server itself or its operator, at the command line. */
  readonly principal?: Pick<Principal, 'kind' | 'id' | 'userId' | 'appId' | 'origin' | 'name'>;
  readonly request?: Pick<Incoming, 'address' | 'id' | 'header'>;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A stored event. */
export const eventSchema = v.object({
  id: v.string(),
  at: v.date(),
  kind: v.pipe(v.string(), v.description('`<subject>.<action>`, such as `key.created`.')),
  userId: v.pipe(textOrNull(), v.description('The user concerned.')),
  subject: v.pipe(textOrNull(), v.description('The ID of the key, app, grant or session concerned.')),
  actor: v.pipe(
    v.nullable(
      v.object({
        kind: v.picklist(['anonymous', 'key', 'session', 'token']),
        id: v.string(),
        userId: v.string(),
        appId: v.optional(
          v.pipe(v.string(), v.description('The app that did it for the user, with its token or its key.')),
        ),
        name: v.string(),
      }),
    ),
    v.description('Who did it, identified by the credential; null: the server or its operator.'),
  ),
  address: textOrNull(),
  userAgent: textOrNull(),
  requestId: textOrNull(),
  details: v.nullable(v.record(v.string(), v.unknown())),
});

export type KeptEvent = Immutable<v.InferOutput<typeof eventSchema>>;

/** Who did it, identified by the credential used. */
export type Actor = NonNullable<KeptEvent['actor']>;

export interface AuditFilter {
  /** `key.revoked`, or `key.*` for every event of keys. */
  readonly kind?: string;
  /** The id of the user concerned. */
  readonly userId?: string;
  readonly subject?: string;
  /** The id of the user who did it. */
  readonly actorUserId?: string;
  readonly address?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

export interface AuditPage {
  /** 1 to 500; 100 by default. */
  readonly take?: number;
  /** `next` of the previous page. */
  readonly after?: string;
}

/** Newest first. */
export interface AuditList {
  readonly events: readonly KeptEvent[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}
