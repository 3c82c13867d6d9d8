import type { Session } from '../../base/database/database.ts';

/** What a request within a batch has beyond a request of its own. */
export interface PartScope {
  /** Of the transaction that makes its changeset one. */
  readonly session?: Session;
  /** @returns the path below the root of what the part with this Content-ID is about: `products(5)` */
  readonly referenced?: (contentId: string) => string | undefined;
}
