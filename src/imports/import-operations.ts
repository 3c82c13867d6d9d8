// The import API, declared: POST /api/import.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { idempotencyHeader } from '../idempotency/idempotency-key.ts';
import { fileFormats } from './read/source/row-source.ts';
import { textEncodings } from './read/source/text-encoding.ts';
import { modes, reactions } from './upload/import-options.ts';

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
  dryRun: v.optional(v.pipe(v.boolean(), v.description('Whether nothing was written.'))),
  mapper: v.optional(v.object({ id: v.string(), name: v.string(), version: v.string() })),
  skipped: v.optional(v.pipe(v.number(), v.description('Rows that a condition of the mapper left out.'))),
  created: v.optional(v.pipe(v.number(), v.description('Related records that were created.'))),
  absent: v.optional(
    v.pipe(
      v.number(),
      v.description('Records that the file does not contain, and that were changed or deleted.'),
    ),
  ),
  ignoredColumns: v.optional(
    v.pipe(v.array(v.string()), v.description('Columns of the file that the mapper does not use.')),
  ),
  file: v.optional(
    v.pipe(
      v.object({
        format: v.picklist(fileFormats),
        encoding: v.optional(v.picklist(textEncodings)),
        delimiter: v.optional(v.string()),
      }),
      v.description('How the file was read.'),
    ),
  ),
};

const described = <const S extends v.GenericSchema>(schema: S, text: string) =>
  v.optional(v.pipe(schema, v.description(text)));

/** Described here, and read by `upload/import-options.ts`: parts of a form, or in the URL. */
const options = {
  entity: described(v.string(), 'The set to import into, such as `products`. Required.'),
  mapperId: described(v.string(), 'A mapper. Without it, columns are matched by name.'),
  mode: described(v.picklist(modes), 'Default: upsert.'),
  onError: described(
    v.picklist(reactions),
    'What an invalid row does. Default: refuse, which imports nothing.',
  ),
  dryRun: described(
    v.picklist(['true', 'false']),
    'Whether the file is only checked: nothing is written. Default: false.',
  ),
  format: described(v.picklist(['auto', ...fileFormats]), 'Default: auto.'),
  encoding: described(v.picklist(['auto', ...textEncodings]), 'Default: auto.'),
  delimiter: described(
    v.string(),
    'auto, comma, semicolon, tab, pipe, or the character itself. Default: auto.',
  ),
  hasHeader: described(
    v.picklist(['true', 'false']),
    'Whether the first row names the columns. Default: true.',
  ),
  columns: described(v.string(), 'The names of the columns of a file without a header, separated by commas.'),
};

/** Every response has the counts, so that a client can read `imported` without checking. */
const importCounts = v.object(counts);

export const importOperations = declareOperations({
  import: {
    id: 'importRows',
    tag: 'Data',
    method: 'POST',
    path: '/api/import',
    summary: 'Import the rows of a file',
    notes: `Existing records are matched by the natural key of the set. Either all rows are imported or none, unless \`onError\` is
\`skip\`. The options can be parts of the form or in the URL. The caller needs the scope \`write\` or that of the set, such
as \`products:write\`. Responses with an error contain the counts as well.`,
    query: v.strictObject(options),
    headers: idempotencyHeader,
    receives: {
      'multipart/form-data': v.object({
        file: v.pipe(v.string(), v.metadata({ contentMediaType: 'text/csv' })),
        ...options,
      }),
      'text/csv': 'text',
      'text/tab-separated-values': 'text',
      'application/json': 'text',
      'application/x-ndjson': 'text',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'binary',
      'application/zip': 'binary',
    },
    answer: importCounts,
    errors: [
      'SCOPE_MISSING',
      'UNKNOWN_ENTITY',
      'UNKNOWN_MAPPER',
      'UNKNOWN_FIELD',
      'CONFLICT',
      'TOO_LARGE',
      'ROWS_REFUSED',
      'IDEMPOTENCY_KEY_REUSED',
    ],
    errorMembers: importCounts,
  },
});
