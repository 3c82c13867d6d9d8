import type { Principal } from '../base/principal.ts';
import type { Incoming } from '../http/message/message.ts';

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

/** Who did it, identified by the credential used. */
export interface Actor {
  readonly kind: Principal['kind'];
  readonly id: string;
  readonly userId: string;
  /** The app that did it for the user, with its token or with a key that it created. */
  readonly appId?: string;
  readonly name: string;
}

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
