// The OpenAPI document of the REST API, from the declared operations: https://spec.openapis.org/oas/v3.1.1.html

import type { GenericSchema } from 'valibot';
import type { Operation, Tag } from '../http/message/operation.ts';
import { errorSchema } from './errors.ts';
import { type JsonSchema, type NamedSchemas, namedSchemas, requestSchema } from './json-schema.ts';
import { responsesOf } from './responses.ts';
import { type ServerDescription, securityOf, securitySchemes } from './security.ts';

const tags: Readonly<Record<Tag, string>> = {
  Me: 'The credential of the caller.',
  Data: 'Reading with selections, importing, and files for spreadsheets. GraphQL and OData describe themselves: `/graphql`, `/odata/$metadata`.',
  Mappers: 'How the columns of a file become the fields of an entity.',
  'API keys': 'Keys for programs.',
  Users: 'User accounts, invitations and sessions.',
  Apps: 'OAuth apps, their developers, and what users allowed them to do.',
  'Audit log': 'What was done to users, credentials and grants, and by whom.',
  Usage: 'Requests, errors and cost by day.',
  Webhooks: 'Events of the change log, sent to URLs.',
  Secrets: 'Rotation of the keys that protect stored secrets and sign tokens.',
  Server: 'Health and metrics.',
};

/** Of the REST API, not of the server: anyone may read the document. */
const apiVersion = '1.0';

/** The REST API of a server. */
export interface Contract {
  readonly operations: readonly Operation[];
  /** Parts of responses that several operations share. */
  readonly named: NamedSchemas;
}

/** @returns the document as an object for JSON */
export function openApiDocument({ operations, named }: Contract, server: ServerDescription) {
  const all = { ...named, Error: errorSchema };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method.toLowerCase()] = describe(operation, all);
  }
  const used = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Portolan',
      version: apiVersion,
      description: 'The REST API of a Portolan server.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server.publicUrl }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name as Tag))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: namedSchemas(all), securitySchemes: securitySchemes(server) },
  };
}

function describe(operation: Operation, named: NamedSchemas) {
  const { id, tag, summary } = operation;
  const parameters = [...pathParameters(operation), ...options(operation), ...headers(operation)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: descriptionOf(operation),
    security: securityOf(operation),
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody: requestBody(operation),
    responses: responsesOf(operation, named),
  };
}

function descriptionOf({ notes, needs }: Operation): string | undefined {
  const scopes = Array.isArray(needs)
    ? `Needs the scope ${needs.map(scope => `\`${scope}\``).join(', ')}.`
    : undefined;
  return [notes?.replaceAll('\n', ' '), scopes].filter(Boolean).join(' ') || undefined;
}

const pathParameters = ({ path }: Operation) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function options({ query }: Operation) {
  if (!query) return [];
  const { properties = {}, required = [] } = requestSchema(query);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as JsonSchema;
    return { name, in: 'query', required: required.includes(name), description, schema };
  });
}

const headers = ({ headers: described = {} }: Operation) =>
  Object.entries(described).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));

function requestBody({ body, receives }: Operation) {
  if (body) return { required: true, content: { 'application/json': { schema: requestSchema(body) } } };
  if (!receives) return undefined;
  const content = Object.entries(receives).map(([type, schema]) => [type, { schema: bodySchema(schema) }]);
  return { required: true, content: Object.fromEntries(content) };
}

/** Bytes have no schema in OpenAPI 3.1. */
function bodySchema(schema: GenericSchema | 'binary' | 'text'): JsonSchema {
  if (schema === 'binary') return {};
  return schema === 'text' ? { type: 'string' } : requestSchema(schema);
}
