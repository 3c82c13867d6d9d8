// From valibot schemas to the JSON Schema of OpenAPI 3.1.

import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

export type { JsonSchema };

/** Schemas that the document names, so that others refer to them. */
export type NamedSchemas = Readonly<Record<string, GenericSchema>>;

/** Checks and conversions that JSON Schema cannot express: the declarations describe them in words. */
const ignoreActions = ['check', 'transform', 'readonly', 'finite', 'trim'];

const config = (typeMode: 'input' | 'output'): ConversionConfig => ({
  target: 'draft-2020-12',
  typeMode,
  ignoreActions,
  // Dates are written as texts.
  overrideSchema: ({ valibotSchema }) =>
    valibotSchema.type === 'date' ? { type: 'string', format: 'date-time' } : undefined,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
});

/** @returns what a caller may send */
export const requestSchema = (schema: GenericSchema): JsonSchema =>
  withoutDialect(toJsonSchema(schema, config('input')));

/** @returns what a caller gets */
export const answerSchema = (schema: GenericSchema, named: NamedSchemas): JsonSchema => {
  const { $defs: _, ...own } = toJsonSchema(schema, { ...config('output'), definitions: named });
  return withoutDialect(own);
};

/** @returns the named schemas themselves */
export const namedSchemas = (named: NamedSchemas): Record<string, JsonSchema> =>
  toJsonSchemaDefs(named, config('output'));

function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
