import type { Session } from '../../base/database/database.ts';

/** What a request in a batch has in addition to one sent on its own. */
export interface PartScope {
  /** The session of its changeset's transaction. */
  readonly session?: Session;
  /** @returns the path, below the root, of the entity of the part with this Content-ID: `products(5)` */
  readonly referenced?: (contentId: string) => string | undefined;
}
