import type { Session } from '../../base/database/database.ts';

export interface ChangeOptions {
  readonly signal?: AbortSignal;
  /** Of a transaction that is open, and opened with `writtenBy`. What fails is undone to where the changes began. */
  readonly session?: Session;
}
