// The REST API for mappers, declared: /api/mappers.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { textOrNull, timeOrNull } from '../http/rest/fields.ts';
import { mapperSchema } from './document/schema.ts';

const described = <const S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));

/** Of a document with every option; JSON with a schema of its own. */
const savedDocument = described(
  v.record(v.string(), v.unknown()),
  'The document with every option: `GET /api/mappers/schema` describes it.',
);

const summary = {
  id: described(v.string(), 'A UUID; of a mapper that the project includes, a short name.'),
  name: v.string(),
  description: v.string(),
  entity: v.string(),
  mode: v.picklist(['upsert', 'insert', 'update']),
  version: described(
    v.string(),
    'A number that counts the times it was saved; of an included mapper, a hash of its content.',
  ),
  included: described(v.boolean(), 'Whether the project includes it. Such mappers cannot be changed.'),
  ownerId: described(textOrNull(), 'The user whose mapper it is.'),
  editable: described(v.boolean(), 'Whether the caller may change it.'),
  savedAt: timeOrNull(),
};

const mapperView = v.object({ ...summary, document: savedDocument });

/** A mapper as a list shows it. */
export const mapperSummary = v.object(summary);

const ifMatch = {
  'If-Match': 'The `ETag` of the mapper: the response is 412 if it has changed since.',
} as const;

const document = { 'application/json': mapperSchema } as const;
const bodyErrors = [
  'INVALID_JSON',
  'SCOPE_MISSING',
  'UNKNOWN_ENTITY',
  'UNKNOWN_FIELD',
  'LIMIT_EXCEEDED',
  'CONFLICT',
] as const;
const idOrName = 'The `id` in the path is the ID or the name of a mapper.';

export const mapperOperations = declareOperations({
  list: {
    id: 'listMappers',
    tag: 'Mappers',
    method: 'GET',
    path: '/api/mappers',
    summary: 'List mappers, by name',
    query: v.strictObject({ entity: v.optional(described(v.string(), 'Only mappers of this set.')) }),
    answer: v.object({ mappers: v.array(mapperSummary) }),
  },
  create: {
    id: 'createMapper',
    tag: 'Mappers',
    method: 'POST',
    path: '/api/mappers',
    summary: 'Create a mapper',
    receives: document,
    answer: mapperView,
    status: 201,
    errors: bodyErrors,
  },
  schema: {
    id: 'getMapperSchema',
    tag: 'Mappers',
    method: 'GET',
    path: '/api/mappers/schema',
    summary: 'Get the JSON schema of mapper documents',
    answer: v.record(v.string(), v.unknown()),
  },
  get: {
    id: 'getMapper',
    tag: 'Mappers',
    method: 'GET',
    path: '/api/mappers/{id}',
    summary: 'Get a mapper',
    notes: idOrName,
    answer: mapperView,
    errors: ['NOT_FOUND'],
  },
  replace: {
    id: 'replaceMapper',
    tag: 'Mappers',
    method: 'PUT',
    path: '/api/mappers/{id}',
    summary: 'Save another version of a mapper',
    notes: idOrName,
    headers: ifMatch,
    receives: document,
    answer: mapperView,
    errors: [...bodyErrors, 'NOT_FOUND', 'PRECONDITION_FAILED'],
  },
  remove: {
    id: 'deleteMapper',
    tag: 'Mappers',
    method: 'DELETE',
    path: '/api/mappers/{id}',
    summary: 'Delete a mapper',
    notes: idOrName,
    headers: ifMatch,
    errors: ['SCOPE_MISSING', 'NOT_FOUND', 'CONFLICT', 'INVALID_VALUE', 'PRECONDITION_FAILED'],
  },
  document: {
    id: 'downloadMapper',
    tag: 'Mappers',
    method: 'GET',
    path: '/api/mappers/{id}/document',
    summary: 'Download the document of a mapper',
    notes: idOrName,
    answer: savedDocument,
    errors: ['NOT_FOUND'],
  },
  versions: {
    id: 'listMapperVersions',
    tag: 'Mappers',
    method: 'GET',
    path: '/api/mappers/{id}/versions',
    summary: 'List the versions of a mapper, newest first',
    notes: idOrName,
    answer: v.object({
      versions: v.array(
        v.object({
          version: v.string(),
          savedAt: timeOrNull(),
          savedById: described(textOrNull(), 'The user who saved it.'),
          document: savedDocument,
        }),
      ),
    }),
    errors: ['NOT_FOUND'],
  },
});
