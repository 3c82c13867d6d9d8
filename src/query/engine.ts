// The waist: every read and write of every door passes here.
//   prepare = check -> access -> plan;  run = one SQL statement -> JSON text

import type { Principal } from '../auth/principal.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AggregateQuery } from './aggregate-query.ts';
import type { EntityQuery } from './entity-query.ts';
import type { Plan } from './plan.ts';

/** How Decimal and BigInt are written: as JSON numbers with every digit, or as strings. */
export type NumberFormat = 'numbers' | 'strings';

export interface ReadAnswer {
  /** JSON: an array for cardinality `many`, an object or `null` for `one`. */
  readonly text: string;
  /** All rows that meet the condition, when the query asks to count. */
  readonly count?: number;
  /** Rows in the list. */
  readonly rows: number;
  /** Output paths (`products`, `orders.items`) of the lists that the default `take` cut, relative to the query; '' is its own. */
  readonly truncated: readonly string[];
}

/** A read that is checked, permitted and planned. It may be kept and run again for principals with the same `scopeKey`. */
export interface PreparedRead {
  readonly plan: Plan;
}

export interface Engine {
  readonly catalog: Catalog;
  /** @throws Fault: UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED (with `at`), SCOPE_MISSING */
  prepare(query: EntityQuery | AggregateQuery, principal: Principal, format: NumberFormat): PreparedRead;
  run(read: PreparedRead, signal?: AbortSignal): Promise<ReadAnswer>;
}
