// The state of one check of a change: the validation errors so far, and the references that need permission.

import { fault } from '../../../base/errors.ts';
import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { CheckContext } from '../../check/context.ts';
import type { ChangeFault } from '../refusal/fault.ts';
import type { ValueFault } from './value.ts';

/** A set, or a field of it, that a change writes. */
export interface WriteReference {
  readonly entity: Entity;
  readonly field?: string;
}

export class ChangeCheck {
  readonly context: CheckContext;
  readonly faults: ChangeFault[] = [];
  readonly writes: WriteReference[] = [];
  /** Whether the caller may know that a writable field exists. */
  readonly mayKnow: (entity: Entity, field: ColumnField) => boolean;
  #rows = 0;

  constructor(context: CheckContext, mayKnow: (entity: Entity, field: ColumnField) => boolean) {
    this.context = context;
    this.mayKnow = mayKnow;
  }

  refuse(path: string, { code, message, hint }: ValueFault, at?: number): void {
    this.faults.push({ path, code, message, hint, at });
  }

  /** Counts rows that the change writes or refers to. @throws LIMIT_EXCEEDED */
  rows(count: number, at?: number): void {
    const { takeMax } = this.context.limits;
    this.#rows += count;
    if (this.#rows <= takeMax) return;
    throw fault(
      'LIMIT_EXCEEDED',
      `A change can write at most ${takeMax} rows, including rows along relations.`,
      {
        hint: 'Send them in parts, or as a file to /api/import.',
        at,
      },
    );
  }
}
