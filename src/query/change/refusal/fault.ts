// The validation errors of a change, all of them, each with its path in the request.

import { type ErrorCode, type Fault, fault } from '../../../base/errors.ts';
import type { RefusalCode } from '../../ask/bulk-upsert.ts';
import type { BoundChange } from '../../bound/change.ts';

export type ChangeFaultCode =
  | RefusalCode
  | 'INVALID_VALUE'
  | 'UNKNOWN_FIELD'
  | 'READ_ONLY'
  | 'DUPLICATE_KEY'
  | 'NOT_FOUND'
  | 'STALE';

export interface ChangeFault {
  /** For example `data.price`, `data[3].sku`, `data.items.create[0].productId`. */
  readonly path: string;
  readonly code: ChangeFaultCode;
  readonly message: string;
  readonly hint?: string;
  /** The current version of a stale row. */
  readonly version?: string;
  /** Offset into the caller's text, for the error as a whole. */
  readonly at?: number;
}

export const faultsMax = 1_000;

/** Conflicts with the current data, rather than errors in the request. */
const conflicts: ReadonlySet<ChangeFaultCode> = new Set([
  'NOT_UNIQUE',
  'ALREADY_EXISTS',
  'STILL_REFERENCED',
  'STALE',
]);

/** The cause of an error about a change's values. */
export class RefusedChange extends Error {
  readonly change: BoundChange;

  constructor(change: BoundChange) {
    super('The change was refused.');
    this.change = change;
  }
}

/** @returns one error that carries all faults in `details` */
export function changeFault(faults: readonly ChangeFault[], cause?: unknown): Fault {
  const [first] = faults as [ChangeFault];
  const messages = faults.map(one => `${one.path && `${one.path}: `}${one.message}`);
  const shown = messages.slice(0, 3).join(' ');
  const message =
    faults.length === 1
      ? messages[0]!
      : `${faults.length} validation errors. ${shown}${faults.length > 3 ? ' …' : ''}`;
  return fault(codeOf(faults), message, {
    hint: first.hint,
    at: first.at,
    target: first.path || undefined,
    details: faults.slice(0, faultsMax).map(({ at: _, ...shownFault }) => shownFault),
    cause,
  });
}

function codeOf(faults: readonly ChangeFault[]): ErrorCode {
  const codes = new Set(faults.map(one => one.code));
  if ([...codes].every(code => conflicts.has(code))) return 'CONFLICT';
  if (codes.size > 1) return 'INVALID_VALUE';
  if (codes.has('NOT_FOUND')) return 'NOT_FOUND';
  return codes.has('UNKNOWN_FIELD') ? 'UNKNOWN_FIELD' : 'INVALID_VALUE';
}
