// The Query API, declared: /api/query.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';

const shared = {
  tag: 'Data',
  path: '/api/query',
  answer: v.pipe(
    v.record(v.string(), v.unknown()),
    v.description(
      'A member for each root of the selection. The header `Portolan-Truncated` names lists that were cut.',
    ),
  ),
  errors: [
    'SYNTAX_ERROR',
    'UNKNOWN_FIELD',
    'UNKNOWN_ENTITY',
    'UNKNOWN_ARGUMENT',
    'INVALID_VALUE',
    'MALFORMED_REQUEST',
    'NOT_FOUND',
    'INVALID_OPERATION',
    'LIMIT_EXCEEDED',
    'SCOPE_MISSING',
    'TIMEOUT',
    'NOT_IMPLEMENTED',
  ],
} as const;

const notes = `The selection is a GraphQL selection without its outer braces: \`products { id, name, price }\`. The caller needs the
scope \`read\` or those of the sets, such as \`products:read\`.`;

const query = v.pipe(v.string(), v.description('The selection: `products(take: 10) { id, name }`.'));

export const queryOperations = declareOperations({
  post: {
    ...shared,
    id: 'query',
    method: 'POST',
    summary: 'Read data with a selection',
    notes,
    receives: {
      'application/json': v.object({
        query,
        variables: v.nullish(v.record(v.string(), v.unknown())),
        operationName: v.nullish(v.string()),
      }),
    },
    errors: [...shared.errors, 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'INVALID_JSON'],
  },
  get: {
    ...shared,
    id: 'queryByUrl',
    method: 'GET',
    summary: 'Read data with a selection in the URL',
    notes,
    query: v.strictObject({
      query,
      variables: v.optional(v.pipe(v.string(), v.description('A JSON object.'))),
      operationName: v.optional(v.string()),
    }),
  },
});
