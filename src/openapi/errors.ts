// The errors of an operation: those that every one can have, those that its input can cause, and its own.

import * as v from 'valibot';
import { type ErrorCode, errorCodes, statusOf } from '../base/errors.ts';
import type { Operation } from '../http/message/operation.ts';

/** The form of every error. */
export const errorSchema = v.object({
  error: v.object({
    code: v.picklist(errorCodes),
    message: v.string(),
    hint: v.optional(v.pipe(v.string(), v.description('What to do about it.'))),
    target: v.optional(
      v.pipe(v.string(), v.description('What the error is about: a member, an option, a header.')),
    ),
    location: v.optional(
      v.pipe(
        v.object({ line: v.number(), column: v.number() }),
        v.description('Where in the text of the request, from 1.'),
      ),
    ),
    details: v.optional(
      v.pipe(
        v.array(v.record(v.string(), v.unknown())),
        v.description('All validation errors, if there are several.'),
      ),
    ),
    requestId: v.string(),
  }),
});

/** @returns the codes of an operation's documented errors, by status */
export function errorsOf(operation: Operation): Map<number, ErrorCode[]> {
  return Map.groupBy(
    new Set([...causedByCaller(operation), ...causedByInput(operation), ...(operation.errors ?? [])]),
    statusOf,
  );
}

function causedByCaller({ needs }: Operation): ErrorCode[] {
  if (needs === 'open') return [];
  const always: ErrorCode[] = [
    'UNAUTHENTICATED',
    'INVALID_CREDENTIAL',
    'TWO_CREDENTIALS',
    'FOREIGN_PAGE',
    'TOO_MANY_REQUESTS',
  ];
  return needs?.length ? [...always, 'SCOPE_MISSING'] : always;
}

function causedByInput({ query, body, receives }: Operation): ErrorCode[] {
  return [
    ...(query ? (['UNKNOWN_OPTION', 'INVALID_VALUE'] as const) : []),
    ...(body ? (['INVALID_JSON', 'UNKNOWN_ARGUMENT', 'INVALID_VALUE'] as const) : []),
    ...(body || receives ? (['MALFORMED_REQUEST', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(receives ? (['INVALID_VALUE'] as const) : []),
  ];
}
