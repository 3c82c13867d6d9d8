import type { Logger } from '../../base/log.ts';
import type { Idempotency } from '../../idempotency/idempotency.ts';
import type { DocumentCache } from '../document/document-cache.ts';
import type { GraphqlDoor } from '../operation/prepared-schema.ts';
import type { PersistedDocuments } from './persisted-documents.ts';

export interface GraphqlParts {
  readonly door: GraphqlDoor;
  readonly documents: DocumentCache;
  readonly log: Logger;
  readonly idempotency?: Idempotency;
  readonly persisted: PersistedDocuments;
}
