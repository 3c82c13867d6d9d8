import type { Logger } from '../../base/log.ts';
import type { Idempotency } from '../../idempotency/idempotency.ts';
import type { DocumentCache } from '../document/document-cache.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';
import type { PersistedDocuments } from './persisted-documents.ts';

export interface GraphqlDeps {
  readonly api: GraphqlApi;
  readonly documents: DocumentCache;
  readonly log: Logger;
  readonly idempotency?: Idempotency;
  readonly persisted: PersistedDocuments;
}
