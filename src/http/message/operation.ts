import type * as v from 'valibot';
import type { ErrorCode } from '../../base/errors.ts';

type Members = Readonly<Record<string, v.GenericSchema>>;
export type ObjectSchema = v.StrictObjectSchema<Members, undefined>;

/** Where the OpenAPI document lists an operation. */
export type Tag =
  | 'Me'
  | 'Data'
  | 'Mappers'
  | 'API keys'
  | 'Users'
  | 'Apps'
  | 'Audit log'
  | 'Usage'
  | 'Webhooks'
  | 'Secrets'
  | 'Server';

/** A method of a path, as it is served, typed and documented. */
export interface Operation {
  /** Unique: clients that are generated from the OpenAPI document name their functions after it. */
  readonly id: string;
  readonly tag: Tag;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters in braces: `/api/keys/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** More, in Markdown. */
  readonly notes?: string;
  /** The scopes that every caller needs; `open`: not even a credential. Absent: any credential. */
  readonly needs?: readonly string[] | 'open';
  /** Options of the query string, each read from its text. */
  readonly query?: ObjectSchema;
  /** A JSON body. */
  readonly body?: v.GenericSchema;
  /** Bodies that the handler reads itself, by media type. */
  readonly receives?: Readonly<Record<string, v.GenericSchema | 'binary' | 'text'>>;
  /** Request headers with a meaning of their own here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The JSON of a successful response; absent: it is empty. */
  readonly answer?: v.GenericSchema;
  /** The status of a successful response. Default: 200, or 204 if it is empty. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Media types of successful responses that are not JSON. */
  readonly returns?: readonly string[];
  /** Other responses than errors in the usual form, by status. */
  readonly otherAnswers?: Readonly<Record<number, v.GenericSchema>>;
  /** What errors have besides the usual form. */
  readonly errorMembers?: v.ObjectSchema<Members, undefined>;
  /** Errors that not every operation can have. */
  readonly errors?: readonly ErrorCode[];
}

/** Declares operations, and keeps their types. */
export const declareOperations = <const O extends Readonly<Record<string, Operation>>>(operations: O): O =>
  operations;

/** What a route has of its operation; the handler is its own. */
export const servedAs = (operation: Operation) => ({
  method: operation.method,
  path: operation.path,
  operation,
});
