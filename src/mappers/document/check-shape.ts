// Whether a document has the shape of a mapper: names, types and lengths. What they stand for is checked against the catalog.

import * as v from 'valibot';
import { isObject } from '../../base/is-object.ts';
import { didYouMean } from '../../base/near-name.ts';
import { transformSchemas } from '../transforms/transform-schema.ts';
import { type DocumentFault, pathOf } from './document-fault.ts';
import { type MapperDocument, mapperJsonSchema, mapperSchema } from './schema.ts';

const listedMax = 100;

/** @returns the document with the defaults of everything that it leaves out, or what is wrong with it */
export function checkShape(input: unknown): { document: MapperDocument } | { faults: DocumentFault[] } {
  const result = v.safeParse(mapperSchema, input);
  if (result.success) return { document: result.output };
  return { faults: result.issues.slice(0, listedMax).map(issue => toFault(issue, input)) };
}

type Issue = v.InferIssue<typeof mapperSchema>;
type Path = readonly (string | number)[];

function toFault(issue: Issue, input: unknown): DocumentFault {
  const keys: Path = (issue.path ?? []).map(({ key }) => key as string | number);
  const path = pathOf(keys.map(key => (typeof key === 'string' ? key.slice(0, 100) : key)));
  if (issue.kind === 'validation') return { path, message: boundMessage(issue) };
  if (issue.type === 'strict_object' && issue.expected === 'never') return unknownKey(path, keys, input);
  if (issue.input === undefined) return { path, message: 'A value is required.' };
  if (issue.type === 'variant') return unknownTransform(path, issue.input);
  const choices = choicesOf(nodeAt(keys, input));
  if (choices) return notOneOf(path, issue.input, choices);
  return { path, message: `The value must be ${kinds[issue.type] ?? 'of another type'}.` };
}

function unknownKey(path: string, keys: Path, input: unknown): DocumentFault {
  const known = Object.keys(nodeAt(keys.slice(0, -1), input)?.properties ?? {}).filter(
    key => key !== '$schema',
  );
  const hint = didYouMean(String(keys.at(-1)), known) ?? `Expected: ${known.join(', ')}.`;
  return { path, message: 'There is no such option.', hint };
}

function unknownTransform(path: string, value: unknown): DocumentFault {
  const names = transformSchemas.map(schema => schema.entries.op.pipe[0].literal);
  const hint = `Expected: ${names.join(', ')}.`;
  if (typeof value !== 'string') return { path, message: 'A transform is an object, named by "op".', hint };
  return { path, message: `There is no transform ${quote(value)}.`, hint: didYouMean(value, names) ?? hint };
}

const notOneOf = (path: string, value: unknown, choices: readonly string[]): DocumentFault => ({
  path,
  message: `${quote(value)} is not a value of this option.`,
  hint: didYouMean(String(value), choices) ?? `Expected: ${choices.map(quote).join(', ')}.`,
});

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  strict_object: 'an object',
  record: 'an object',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  union: 'a name, a number, or a list of these',
  nullable: 'a string or null',
};

function boundMessage({ type, requirement, input }: Extract<Issue, { kind: 'validation' }>): string {
  const size = Number(requirement);
  switch (type) {
    case 'integer':
      return 'The number must be whole.';
    case 'min_value':
      return `The number must be at least ${size}.`;
    case 'max_value':
      return `The number must be at most ${size}.`;
    default: {
      const bound = type === 'min_length' ? 'at least' : 'at most';
      const [what, unit] = typeof input === 'string' ? ['text', 'character'] : ['list', 'element'];
      return `The ${what} must have ${bound} ${size} ${unit}${size === 1 ? '' : 's'}.`;
    }
  }
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

let schema: SchemaNode | undefined;

/** @returns the JSON schema of the value at a path */
function nodeAt(path: Path, input: unknown): SchemaNode | undefined {
  schema ??= mapperJsonSchema() as SchemaNode;
  let node: SchemaNode | undefined = schema;
  let value = input;
  for (const part of path) {
    value = memberOf(value, part);
    node = variantOf(typeof part === 'number' ? node?.items : node?.properties?.[part], value);
  }
  return node;
}

const memberOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;

function variantOf(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  const variants = node?.oneOf ?? node?.anyOf;
  if (!variants) return node;
  const op = isObject(value) ? value.op : undefined;
  return variants.find(one => one.properties?.op?.const === op) ?? variants.find(one => one.properties);
}

const choicesOf = (node: SchemaNode | undefined): string[] | undefined =>
  node?.const === undefined ? node?.enum?.map(String) : [String(node.const)];
