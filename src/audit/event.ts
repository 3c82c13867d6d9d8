import type { Principal } from '../base/principal.ts';
import type { Incoming } from '../http/message/message.ts';

/** Something that was done and must be known of later. It never holds a secret. */
export interface AuditEvent {
  /** Such as `sign-in.failed`, `key.created`: what it concerns, and what was done. */
  readonly kind: string;
  /** Whom it concerns. */
  readonly userId?: string;
  /** What it concerns: the id of a key, an app, a grant, a session. */
  readonly subject?: string;
  /** Who did it; undefined: the server itself, or whoever runs it at its command line. */
  readonly principal?: Pick<Principal, 'kind' | 'id' | 'userId' | 'appId' | 'origin' | 'name'>;
  readonly request?: Pick<Incoming, 'address' | 'id' | 'header'>;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An event as it is kept. */
export interface KeptEvent {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly userId: string | null;
  readonly subject: string | null;
  readonly actor: Actor | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** Who did it, by the credential that was used. */
export interface Actor {
  readonly kind: Principal['kind'];
  readonly id: string;
  readonly userId: string;
  /** The app that did it for the user: with its token, or with a key that it made. */
  readonly appId?: string;
  readonly name: string;
}

export interface AuditFilter {
  /** `key.revoked`, or `key.*` for all that concerns keys. */
  readonly kind?: string;
  /** Whom it concerns: a user's id. */
  readonly userId?: string;
  readonly subject?: string;
  /** By whom: a user's id. */
  readonly actorUserId?: string;
  readonly address?: string;
  /** From then on. */
  readonly from?: Date;
  /** Until then, not included. */
  readonly to?: Date;
}

export interface AuditPage {
  /** 1 to 500; 100 by default. */
  readonly take?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Newest first. */
export interface AuditList {
  readonly events: readonly KeptEvent[];
  /** Where the next page begins; null: nowhere. */
  readonly next: string | null;
}
