// A webhook as the rest of the folder sees it.

import type { Principal } from '../../base/principal.ts';

export interface Webhook {
  readonly id: string;
  readonly userId: string;
  /** The API key that created it: it ends with that key. */
  readonly keyId: string | null;
  readonly name: string;
  readonly url: string;
  /** `products.created`, `products.*` or `*`. */
  readonly events: readonly string[];
  /** Of updates, only those that change one of these fields; empty: any. */
  readonly fields: readonly string[];
  /** The scopes of the credential that created it: it never gets more than these allow. */
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly failingSince: string | null;
  readonly disabledAt: string | null;
  /** Why it is disabled; null: by a user. */
  readonly disabledReason: string | null;
}

/** A webhook that is enabled, and whose owner and key are active. */
export interface ActiveWebhook extends Webhook {
  /** What it may read at present. */
  readonly principal: Principal;
}

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One event for one webhook, without its payload. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: string;
  /** When it is tried next; null once it has ended. */
  readonly nextAt: string | null;
  readonly endedAt: string | null;
}

/** One attempt to deliver. */
export interface Attempt {
  readonly at: string;
  readonly durationMs: number;
  /** null: no response. */
  readonly status: number | null;
  readonly error: string | null;
  /** The beginning of the response's body. */
  readonly excerpt: string | null;
}
