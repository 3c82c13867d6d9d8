// The webhooks that get events at present, read again when they may be outdated.

import type { Database } from '../../base/database/database.ts';
import type { ActiveWebhook } from '../model/webhook.ts';
import { activeWebhooks } from '../store/webhook-store.ts';

/** So long after a credential was revoked, its webhooks may still get events. */
const freshMs = 1_000;

export class Directory {
  readonly #database: Database;
  readonly #knownScopes: readonly string[];
  #read: Promise<readonly ActiveWebhook[]> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, knownScopes: readonly string[]) {
    this.#database = database;
    this.#knownScopes = knownScopes;
  }

  current(): Promise<readonly ActiveWebhook[]> {
    if (this.#read && performance.now() - this.#readAt < freshMs) return this.#read;
    this.#readAt = performance.now();
    const read = activeWebhooks(this.#database, this.#knownScopes);
    read.catch(() => this.forget());
    this.#read = read;
    return read;
  }

  async find(id: string): Promise<ActiveWebhook | undefined> {
    return (await this.current()).find(webhook => webhook.id === id);
  }

  /** A webhook was changed. */
  forget(): void {
    this.#read = undefined;
  }
}
