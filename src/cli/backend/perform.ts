import type { Operation } from '../../http/message/operation.ts';

/** What a call sends. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Performs a call, wherever it runs. @returns JSON, undefined for an empty response */
export type Perform = (operation: Operation, call: Call) => Promise<unknown>;
