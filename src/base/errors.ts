// Every error that a caller can meet: one table of codes, one class.

/** Code -> HTTP status. Groups: request, credential, permission, resource, rows, server. */
const statuses = {
  MALFORMED_REQUEST: 400,
  INVALID_JSON: 400,
  SYNTAX_ERROR: 400,
  UNKNOWN_ENTITY: 400,
  UNKNOWN_FIELD: 400,
  UNKNOWN_ARGUMENT: 400,
  UNKNOWN_OPTION: 400,
  INVALID_VALUE: 400,
  INVALID_OPERATION: 400,
  LIMIT_EXCEEDED: 400,
  UNKNOWN_MAPPER: 400,
  /** Apollo's clients know it by this name. */
  PERSISTED_QUERY_NOT_FOUND: 400,

  UNAUTHENTICATED: 401,
  INVALID_CREDENTIAL: 401,
  TWO_CREDENTIALS: 400,

  SCOPE_MISSING: 403,
  FOREIGN_PAGE: 403,

  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  PRECONDITION_FAILED: 412,
  TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  ROWS_REFUSED: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  FAILED_DEPENDENCY: 424,
  TOO_MANY_REQUESTS: 429,

  INTERNAL: 500,
  NOT_IMPLEMENTED: 501,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
} as const;

export type ErrorCode = keyof typeof statuses;

export const errorCodes = Object.keys(statuses) as readonly ErrorCode[];

/** @returns the HTTP status of an error */
export const statusOf = (code: ErrorCode): number => statuses[code];

/** Where in the caller's source text an error lies: line and column count from 1. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

export interface FaultDetails {
  /** What the caller can do about it. */
  readonly hint?: string;
  /** Offset (UTF-16 units, from 0) into the source text of the request; the API turns it into a location. */
  readonly at?: number;
  readonly location?: Location;
  /** What the error is about: a field, an option, a header. */
  readonly target?: string;
  readonly details?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Set for an expired or revoked credential: it was valid once, so the client did not guess it. */
  readonly genuine?: boolean;
  readonly cause?: unknown;
}

/** An error thrown on purpose: its message, hint and code are meant for the caller. Anything else is masked as INTERNAL. */
export class Fault extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly hint?: string;
  readonly at?: number;
  readonly location?: Location;
  readonly target?: string;
  readonly details?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly genuine?: boolean;

  constructor(code: ErrorCode, message: string, more: FaultDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Fault';
    this.code = code;
    this.status = statuses[code];
    this.hint = more.hint;
    this.at = more.at;
    this.location = more.location;
    this.target = more.target;
    this.details = more.details;
    this.headers = more.headers;
    this.genuine = more.genuine;
  }
}

/** @returns a Fault, to be thrown: `throw fault('NOT_FOUND', 'There is no such page.')` */
export const fault = (code: ErrorCode, message: string, more?: FaultDetails): Fault =>
  new Fault(code, message, more);

/** @returns the same fault with line and column, when its offset lies in this source text */
export function locate(error: Fault, source: string): Fault {
  if (error.at === undefined || error.location) return error;
  const before = source.slice(0, error.at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return new Fault(error.code, error.message, {
    ...error,
    cause: error.cause,
    location: { line, column: error.at - lineStart + 1 },
  });
}
