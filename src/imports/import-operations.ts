// The import API, declared: POST /api/import.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { idempotencyHeader } from '../idempotency/idempotency-key.ts';
import { importOptions } from './upload/import-options.ts';

const counts = {
  imported: v.pipe(v.number(), v.description('Rows inserted and updated.')),
  inserted: v.number(),
  updated: v.number(),
  failed: v.pipe(v.number(), v.description('Rows with errors.')),
  errors: v.pipe(
    v.array(
      v.object({
        row: v.number(),
        line: v.number(),
        column: v.pipe(
          v.nullable(v.string()),
          v.description('As the header names it; null if the error concerns the whole row.'),
        ),
        value: v.pipe(v.nullable(v.string()), v.description('The cell, shortened.')),
        code: v.string(),
        message: v.string(),
      }),
    ),
    v.description('The first errors, in the order of the file.'),
  ),
  errorsTruncated: v.optional(v.boolean()),
};

/** Every response has the counts, so that a client can read `imported` without checking. */
const importCounts = v.object(counts);

export const importOperations = declareOperations({
  import: {
    id: 'importRows',
    tag: 'Data',
    method: 'POST',
    path: '/api/import',
    summary: 'Import the rows of a CSV file',
    notes: `Existing records are matched by the natural key of the set. Either all rows are imported or none, unless \`onError\` is
\`skip\`. The options can be parts of the form or in the URL. The caller needs the scope \`write\` or that of the set, such
as \`products:write\`. Responses with an error contain the counts as well.`,
    query: v.strictObject({
      ...importOptions.entries,
      entity: v.optional(importOptions.entries.entity),
    }),
    headers: idempotencyHeader,
    receives: {
      'multipart/form-data': v.object({
        file: v.pipe(v.string(), v.metadata({ contentMediaType: 'text/csv' })),
        ...importOptions.entries,
        entity: v.optional(importOptions.entries.entity),
      }),
      'text/csv': 'text',
    },
    answer: importCounts,
    errors: [
      'SCOPE_MISSING',
      'UNKNOWN_ENTITY',
      'UNKNOWN_MAPPER',
      'CONFLICT',
      'TOO_LARGE',
      'ROWS_REFUSED',
      'IDEMPOTENCY_KEY_REUSED',
    ],
    errorMembers: importCounts,
  },
});
