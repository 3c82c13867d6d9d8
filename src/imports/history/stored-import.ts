// An import as it is stored, from its upload on.

import type { RawRow } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';
import { senderKey } from '../../http/limits/request-limits.ts';

export type ImportState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export const hasEnded = (state: ImportState): boolean => state !== 'queued' && state !== 'running';

/** Why an import failed. */
export interface ImportProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface ImportCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly failed: number;
}

export interface StoredImport extends ImportCounts {
  readonly id: string;
  readonly state: ImportState;
  readonly background: boolean;
  /** What counts as one for the rate limits: `key:…`, `user:…`, `app:…`. */
  readonly principal: string;
  readonly name: string;
  readonly userId: string;
  readonly appId: string | null;
  readonly entity: string;
  readonly fileName: string | null;
  readonly options: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly bytesRead: number;
  readonly rows: number;
  readonly problem: ImportProblem | null;
  readonly jobId: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** The columns of a `StoredImport`, as one JSON value. */
export const importColumns = `jsonb_build_object('id', "id", 'state', "state", 'background', "background", 'principal', "principal",
  'name', "name", 'userId', "userId", 'appId', "appId", 'entity', "entity", 'fileName', "fileName", 'options', "options",
  'bytes', "bytes", 'bytesRead', "bytesRead", 'rows', "rows", 'inserted', "inserted", 'updated', "updated",
  'failed', "failed", 'problem', "problem", 'jobId', "jobId", 'createdAt', "createdAt", 'startedAt', "startedAt",
  'endedAt', "endedAt")`;

/** @param row with `importColumns` as its first value */
export function toStoredImport([text]: RawRow): StoredImport {
  const value = JSON.parse(text!) as Omit<StoredImport, 'createdAt' | 'startedAt' | 'endedAt'> & Times;
  const { createdAt, startedAt, endedAt } = value;
  return { ...value, createdAt: new Date(createdAt), startedAt: toDate(startedAt), endedAt: toDate(endedAt) };
}

interface Times {
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** Whether a caller may know of an import: their own, all of a signed-in user's credentials, or all with `admin`. */
export function maySee(principal: Principal, one: Pick<StoredImport, 'principal' | 'userId'>): boolean {
  if (principal.scopes.has('admin')) return true;
  if (principal.kind === 'session') return principal.userId === one.userId;
  return senderKey(principal) === one.principal;
}

/** SQL for `maySee`, with the values of its parameters. */
export function visibleTo(principal: Principal): { readonly where: string; readonly values: string[] } {
  if (principal.scopes.has('admin')) return { where: 'true', values: [] };
  if (principal.kind === 'session') return { where: '"userId" = $1::uuid', values: [principal.userId] };
  return { where: '"principal" = $1', values: [senderKey(principal)] };
}
