// Whether a document has the shape of a mapper: names, types and lengths. What they stand for is checked against the catalog.

import type { z } from 'zod';
import { isObject } from '../../base/is-object.ts';
import { didYouMean } from '../../base/near-name.ts';
import { type DocumentFault, pathOf } from './document-fault.ts';
import { type MapperDocument, mapperJsonSchema, mapperSchema } from './schema.ts';

const listedMax = 100;

/** @returns the document with the defaults of everything that it leaves out, or what is wrong with it */
export function checkShape(input: unknown): { document: MapperDocument } | { faults: DocumentFault[] } {
  const result = mapperSchema.safeParse(input);
  if (result.success) return { document: result.data };
  const faults = result.error.issues.flatMap(issue => toFaults(issue, input));
  return { faults: faults.slice(0, listedMax) };
}

function toFaults(issue: z.core.$ZodIssue, input: unknown): DocumentFault[] {
  const path = pathOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(issue.path, key, input));
    case 'invalid_union':
      return [unknownChoice(path, issue, valueAt(input, issue.path))];
    case 'invalid_value':
      return [notOneOf(path, valueAt(input, issue.path), issue.values.map(String))];
    case 'invalid_type':
      return [{ path, message: typeMessage(issue.expected, valueAt(input, issue.path)) }];
    case 'too_small':
      return [{ path, message: sizeMessage('at least', issue.origin, issue.minimum) }];
    case 'too_big':
      return [{ path, message: sizeMessage('at most', issue.origin, issue.maximum) }];
    default:
      return [{ path, message: `${issue.message}.` }];
  }
}

function unknownKey(path: readonly PropertyKey[], key: string, input: unknown): DocumentFault {
  const known = knownKeys(path, input);
  const hint = didYouMean(key, known) ?? (known.length > 0 ? `Expected: ${known.join(', ')}.` : undefined);
  return { path: pathOf([...path, key.slice(0, 100)]), message: 'There is no such option.', hint };
}

function unknownChoice(path: string, issue: z.core.$ZodIssueInvalidUnion, value: unknown): DocumentFault {
  if ('options' in issue && Array.isArray(issue.options)) {
    const names = issue.options.map(String);
    if (typeof value === 'string')
      return { path, message: `There is no transform ${quote(value)}.`, hint: nearOrAll(value, names) };
    return { path, message: `A transform is named by "op".`, hint: `Expected: ${names.join(', ')}.` };
  }
  return { path, message: 'The value has the wrong type.' };
}

const notOneOf = (path: string, value: unknown, choices: readonly string[]): DocumentFault => ({
  path,
  message: value === undefined ? 'A value is required.' : `${quote(value)} is not a value of this option.`,
  hint: nearOrAll(String(value), choices),
});

const nearOrAll = (value: string, choices: readonly string[]): string =>
  didYouMean(value, choices) ??
  `Expected: ${choices.map(choice => (choice === '' ? '""' : choice)).join(', ')}.`;

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function typeMessage(expected: string, value: unknown): string {
  if (value === undefined) return 'A value is required.';
  return `The value must be ${kinds[expected] ?? expected}.`;
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function sizeMessage(bound: string, origin: string, size: number | bigint): string {
  if (origin === 'string')
    return `The text must have ${bound} ${size} ${size === 1 ? 'character' : 'characters'}.`;
  if (origin === 'array')
    return `The list must have ${bound} ${size} ${size === 1 ? 'element' : 'elements'}.`;
  return `The number must be ${bound} ${size}.`;
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  );

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

let schema: SchemaNode | undefined;

/** @returns the names that an object at a path may have */
function knownKeys(path: readonly PropertyKey[], input: unknown): string[] {
  schema ??= mapperJsonSchema() as SchemaNode;
  let node: SchemaNode | undefined = schema;
  let value = input;
  for (const part of path) {
    value = valueAt(value, [part]);
    node = variantOf(typeof part === 'number' ? node?.items : node?.properties?.[String(part)], value);
  }
  return Object.keys(node?.properties ?? {}).filter(key => key !== '$schema');
}

function variantOf(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  const variants = node?.oneOf ?? node?.anyOf;
  if (!variants) return node;
  const op = isObject(value) ? value.op : undefined;
  return variants.find(one => one.properties?.op?.const === op) ?? variants.find(one => one.properties);
}
