// The document that describes a mapper: how the columns of a file become the fields of an entity.

import { z } from 'zod';
import { transformSchema } from '../transforms/transform-schema.ts';

/** The version of the format of documents. */
const formatVersion = 1;

const name = z.string().min(1).max(200);
const columnNumber = z.int().min(1).max(1_000);
const source = z
  .union([
    name,
    columnNumber,
    z
      .array(z.union([name, columnNumber]))
      .min(1)
      .max(20),
  ])
  .describe(
    'The name of the column, in any case and without regard to spaces; or its number, from 1; or alternatives, of which the first one is used that the file has.',
  );

const transforms = z.array(transformSchema).max(20).default([]).describe('Applied in this order.');

const createMissing = z
  .strictObject({
    values: z
      .record(name, z.string().max(1_000))
      .default({})
      .describe('Fields of the new record. `{key}` stands for its key, `{label}` for its name in a path.'),
  })
  .describe('Creates related records that do not exist, if the caller may write their set.');

const columnSchema = z
  .strictObject({
    field: name.describe(
      'A field; a related record by its key, such as `category.slug`; or a relation to a tree.',
    ),
    source: source.optional(),
    concat: z
      .strictObject({
        sources: z.array(source).min(1).max(20),
        separator: z.string().max(20).default(' '),
      })
      .optional()
      .describe('Joins several columns; empty ones are left out.'),
    constant: z.string().max(1_000).optional().describe('The same value in every row.'),
    optional: z.boolean().default(false).describe('Whether the file may lack the column.'),
    fillDown: z
      .strictObject({ within: source })
      .optional()
      .describe(
        'An empty cell takes the value of an earlier row that has the same value in the column `within`.',
      ),
    transforms,
    tree: z
      .strictObject({
        parent: name
          .optional()
          .describe('The relation to the parent. Default: the only one of the entity to itself.'),
        label: name.default('name').describe('The field that holds the name of one level.'),
        key: z
          .enum(['path', 'label'])
          .default('path')
          .describe('What the key is made of: the whole path, or the name of one level.'),
      })
      .optional(),
    createMissing: createMissing.optional(),
  })
  .describe('One field, and where its value comes from: `source`, `concat` or `constant`.');

const conditionSchema = z.strictObject({
  source,
  is: z.enum(['empty', 'notEmpty']).optional(),
  in: z.array(z.string().max(200)).min(1).max(1_000).optional().describe('Words, in any case.'),
  notIn: z.array(z.string().max(200)).min(1).max(1_000).optional(),
  matches: z.string().min(1).max(200).optional().describe('A regular expression (RE2 syntax).'),
});

const absentSchema = z
  .strictObject({
    action: z.enum(['leave', 'deactivate', 'delete']).default('leave'),
    field: name.optional().describe('Of `deactivate`: the field that is set.'),
    value: z.string().max(200).default('false').describe('Of `deactivate`: the value that it is set to.'),
    where: z
      .record(name, z.union([z.string().max(200), z.null()]))
      .default({})
      .describe('Only records whose fields have these values.'),
  })
  .describe('What happens to records that the file does not contain.');

const delimiters = ['auto', ',', ';', '\t', '|'] as const;
const encodings = ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;

const fileFormatSchema = z.strictObject({
  delimiter: z.enum(delimiters).default('auto'),
  quote: z.enum(['"', "'", '']).default('"').describe('Empty: quotation marks have no meaning.'),
  encoding: z.enum(encodings).default('auto'),
  header: z.boolean().default(true).describe('Whether the first row names the columns.'),
});

export const mapperSchema = z
  .strictObject({
    $schema: z.string().max(500).optional(),
    mapper: z.literal(formatVersion).describe('The version of this format.'),
    name: z.string().trim().min(1).max(100),
    description: z.string().max(1_000).default(''),
    entity: name.describe('The set to import into, such as `products`.'),
    key: z
      .array(name)
      .min(1)
      .max(10)
      .optional()
      .describe('The fields by which rows are matched. Default: the natural key.'),
    mode: z.enum(['upsert', 'insert', 'update']).default('upsert'),
    onError: z.enum(['abort', 'skip']).default('abort'),
    format: fileFormatSchema.prefault({}),
    columns: z.array(columnSchema).min(1).max(500),
    skip: z
      .array(conditionSchema)
      .max(50)
      .default([])
      .describe('Rows that fulfil any of these are left out.'),
    absent: absentSchema.prefault({}),
  })
  .describe('How the columns of a file become the fields of an entity.');

/** A mapper with every option, those with a default included. */
export type MapperDocument = z.output<typeof mapperSchema>;
/** A mapper as users write it. */
export type MapperDraft = z.input<typeof mapperSchema>;
export type MapperColumn = MapperDocument['columns'][number];
export type MapperCondition = MapperDocument['skip'][number];
export type Source = z.output<typeof source>;

/** @returns the JSON schema of documents, for editors and for programs that write mappers */
export const mapperJsonSchema = () => ({
  $id: 'portolan-mapper-1',
  title: 'Portolan mapper',
  ...z.toJSONSchema(mapperSchema, { io: 'input' }),
});
