// The document that describes a mapper: how the columns of a file become the fields of an entity.

import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { transformSchema } from '../transforms/transform-schema.ts';

/** The version of the format of documents. */
const formatVersion = 1;

const text = (lengthMax: number) => v.pipe(v.string(), v.maxLength(lengthMax));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const list = <T extends v.GenericSchema>(of: T, max: number) =>
  v.pipe(v.array(of), v.minLength(1), v.maxLength(max));
const columnNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000));
const source = v.pipe(
  v.union([name, columnNumber, list(v.union([name, columnNumber]), 20)]),
  v.description(
    'The name of the column, in any case and without regard to spaces; or its number, from 1; or alternatives, of which the first one is used that the file has.',
  ),
);

const createMissing = v.pipe(
  v.strictObject({
    values: v.optional(
      v.pipe(
        v.record(name, text(1_000)),
        v.description(
          'Fields of the new record. `{key}` stands for its key, `{label}` for its name in a path.',
        ),
      ),
      {},
    ),
  }),
  v.description('Creates related records that do not exist, if the caller may write their set.'),
);

const tree = v.strictObject({
  parent: v.optional(
    v.pipe(name, v.description('The relation to the parent. Default: the only one of the entity to itself.')),
  ),
  label: v.optional(v.pipe(name, v.description('The field that holds the name of one level.')), 'name'),
  key: v.optional(
    v.pipe(
      v.picklist(['path', 'label']),
      v.description('What the key is made of: the whole path, or the name of one level.'),
    ),
    'path',
  ),
});

const concat = v.pipe(
  v.strictObject({ sources: list(source, 20), separator: v.optional(text(20), ' ') }),
  v.description('Joins several columns; empty ones are left out.'),
);

export const columnSchema = v.pipe(
  v.strictObject({
    field: v.pipe(
      name,
      v.description(
        'A field; a related record by its key, such as `category.slug`; or a relation to a tree.',
      ),
    ),
    source: v.optional(source),
    concat: v.optional(concat),
    constant: v.optional(v.pipe(text(1_000), v.description('The same value in every row.'))),
    optional: v.optional(v.pipe(v.boolean(), v.description('Whether the file may lack the column.')), false),
    fillDown: v.optional(
      v.pipe(
        v.strictObject({ within: source }),
        v.description(
          'An empty cell takes the value of an earlier row that has the same value in the column `within`.',
        ),
      ),
    ),
    transforms: v.optional(
      v.pipe(v.array(transformSchema), v.maxLength(20), v.description('Applied in this order.')),
      [],
    ),
    tree: v.optional(tree),
    createMissing: v.optional(createMissing),
  }),
  v.description('One field, and where its value comes from: `source`, `concat` or `constant`.'),
);

const conditionSchema = v.strictObject({
  source,
  is: v.optional(v.picklist(['empty', 'notEmpty'])),
  in: v.optional(v.pipe(list(text(200), 1_000), v.description('Words, in any case.'))),
  notIn: v.optional(list(text(200), 1_000)),
  matches: v.optional(v.pipe(name, v.description('A regular expression (RE2 syntax).'))),
});

const absentSchema = v.pipe(
  v.strictObject({
    action: v.optional(v.picklist(['leave', 'deactivate', 'delete']), 'leave'),
    field: v.optional(v.pipe(name, v.description('Of `deactivate`: the field that is set.'))),
    value: v.optional(
      v.pipe(text(200), v.description('Of `deactivate`: the value that it is set to.')),
      'false',
    ),
    where: v.optional(
      v.pipe(
        v.record(name, v.nullable(text(200))),
        v.description('Only records whose fields have these values.'),
      ),
      {},
    ),
  }),
  v.description('What happens to records that the file does not contain.'),
);

const fileFormatSchema = v.strictObject({
  delimiter: v.optional(v.picklist(['auto', ',', ';', '\t', '|']), 'auto'),
  quote: v.optional(
    v.pipe(v.picklist(['"', "'", '']), v.description('Empty: quotation marks have no meaning.')),
    '"',
  ),
  encoding: v.optional(v.picklist(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252']), 'auto'),
  header: v.optional(v.pipe(v.boolean(), v.description('Whether the first row names the columns.')), true),
});

export const mapperSchema = v.strictObject({
  $schema: v.optional(text(500)),
  mapper: v.pipe(v.literal(formatVersion), v.description('The version of this format.')),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  description: v.optional(text(1_000), ''),
  entity: v.pipe(name, v.description('The set to import into, such as `products`.')),
  key: v.optional(
    v.pipe(list(name, 10), v.description('The fields by which rows are matched. Default: the natural key.')),
  ),
  mode: v.optional(v.picklist(['upsert', 'insert', 'update']), 'upsert'),
  onError: v.optional(v.picklist(['abort', 'skip']), 'abort'),
  format: v.optional(fileFormatSchema, {}),
  columns: list(columnSchema, 500),
  skip: v.optional(
    v.pipe(
      v.array(conditionSchema),
      v.maxLength(50),
      v.description('Rows that fulfil any of these are left out.'),
    ),
    [],
  ),
  absent: v.optional(absentSchema, {}),
});

/** A mapper with every option, those with a default included. */
export type MapperDocument = v.InferOutput<typeof mapperSchema>;
/** A mapper as users write it. */
export type MapperDraft = v.InferInput<typeof mapperSchema>;
export type MapperColumn = MapperDocument['columns'][number];
export type MapperCondition = MapperDocument['skip'][number];
export type Source = v.InferOutput<typeof source>;

/** @returns the JSON schema of documents, for editors and for programs that write mappers */
export const mapperJsonSchema = () => ({
  ...toJsonSchema(mapperSchema, { typeMode: 'input', target: 'draft-2020-12', errorMode: 'ignore' }),
  $id: 'portolan-mapper-1',
  title: 'Portolan mapper',
  description: 'How the columns of a file become the fields of an entity.',
});
