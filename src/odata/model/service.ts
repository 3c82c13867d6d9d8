import type { Config } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { RequestLimits } from '../../http/limits/request-limits.ts';
import type { Idempotency } from '../../idempotency/idempotency.ts';
import type { Engine } from '../../query/engine.ts';

export interface Service {
  readonly engine: Engine;
  readonly database: Database;
  readonly idempotency: Idempotency;
  readonly log: Logger;
  /** Each request of a batch counts as one. */
  readonly requestLimits: Pick<RequestLimits, 'admit'>;
  readonly config: Pick<Config, 'publicUrl' | 'limits'>;
}
