import type { Session } from '../../base/database/database.ts';

export interface ChangeOptions {
  readonly signal?: AbortSignal;
  /** The session of an open transaction that was opened with `writtenBy`. On failure, only these changes are rolled back. */
  readonly session?: Session;
}
