// The export API, declared: /api/export.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { fileFormats, mediaTypeOf } from './options/file-format.ts';

const text = (description: string) => v.optional(v.pipe(v.string(), v.description(description)));

const options = {
  select: text('The fields, as in the Query API: `sku, name, category { name }`.'),
  where: v.optional(v.pipe(v.unknown(), v.description('A filter, as in GraphQL.'))),
  orderBy: v.optional(v.pipe(v.unknown(), v.description('The order, as in GraphQL.'))),
  search: text('Words to search for.'),
  format: v.optional(v.picklist(fileFormats)),
  delimiter: text('Of CSV: comma, semicolon, tab, pipe, or the character itself. Default: comma.'),
  encoding: text('Of CSV. Default: utf-8.'),
  header: text('Of CSV: whether the first row names the columns. Default: true.'),
  formulas: text(
    'Of CSV: `guard` puts an apostrophe before text that a spreadsheet would evaluate, `keep` does not.',
  ),
  importable: text('Whether fields that an import does not take are left out.'),
  limit: text('Maximum number of rows.'),
  after: text('A cursor: only the rows after it.'),
  cursors: text('Of NDJSON: whether a line with a cursor follows each page.'),
  consistent: text('Whether all rows are as they are at one moment.'),
};

const shared = {
  tag: 'Data',
  path: '/api/export/{set}',
  returns: fileFormats.map(mediaTypeOf).map(type => type.split(';')[0]!),
  errors: [
    'INVALID_JSON',
    'SYNTAX_ERROR',
    'INVALID_VALUE',
    'INVALID_OPERATION',
    'UNKNOWN_FIELD',
    'UNKNOWN_OPTION',
    'UNKNOWN_ARGUMENT',
    'MALFORMED_REQUEST',
    'LIMIT_EXCEEDED',
    'SCOPE_MISSING',
    'NOT_FOUND',
    'NOT_IMPLEMENTED',
    'GONE',
  ],
} as const;

const notes =
  'Streams all rows of a set. The options of OData, such as `$filter`, can be used instead of `select`, `where`, `orderBy` and `search`.';

export const exportOperations = declareOperations({
  get: { ...shared, id: 'exportRows', method: 'GET', summary: 'Export all rows of a set as a file', notes },
  post: {
    ...shared,
    id: 'exportRowsWithBody',
    method: 'POST',
    summary: 'Export all rows of a set as a file, with the options in a body',
    notes,
    receives: { 'application/json': v.looseObject(options) },
  },
});
