// A batch in JSON (OData JSON Format 4.01, 19.1).

import { fault } from '../../base/errors.ts';
import { parseExactJson } from '../../base/exact-json.ts';
import { isObject } from '../../base/is-object.ts';
import { nestedDeeperThan } from '../../base/nesting.ts';
import { refuseRepeatedMembers } from '../../base/received-json.ts';
import { isJsonType } from '../../http/message/json-type.ts';
import type { BatchItem, BatchPart } from './batch-part.ts';
import { tooMany } from './split-multipart.ts';

/** @throws INVALID_JSON, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED */
export function readJsonBatch(text: string, partsMax: number): BatchItem[] {
  const { requests } = asObject(parse(text), 'The batch');
  refuseRepeatedMembers(text);
  if (!Array.isArray(requests)) throw wrong('The batch has no "requests" list.');
  if (requests.length > partsMax) throw tooMany(partsMax);
  const items: BatchItem[] = [];
  const known = new Set<string>();
  for (const value of requests) {
    const request = readRequest(value);
    addTo(items, request, known);
    known.add(request.part.id!);
  }
  return items;
}

/** Levels of nested lists and objects. */
const nestingMax = 100;

function parse(text: string): unknown {
  try {
    const value = parseExactJson(text);
    if (nestedDeeperThan(value, nestingMax))
      throw new Error(`It is nested more than ${nestingMax} levels deep`);
    return value;
  } catch (error) {
    throw fault('INVALID_JSON', `The batch is not valid JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

interface JsonRequest extends Pick<BatchItem, 'group' | 'dependsOn' | 'condition'> {
  readonly part: BatchPart;
}

function readRequest(value: unknown): JsonRequest {
  const request = asObject(value, 'A request of the batch');
  const id = asText(request.id, 'id');
  const headers = readHeaders(request.headers ?? {});
  return {
    part: {
      id,
      method: asText(request.method, 'method').toUpperCase(),
      url: asText(request.url, 'url'),
      headers,
      body: readBody(request.body, headers.get('content-type')),
    },
    group: request.atomicityGroup == null ? undefined : asText(request.atomicityGroup, 'atomicityGroup'),
    dependsOn: readIds(request.dependsOn ?? []),
    condition: request.if == null ? undefined : asText(request.if, 'if'),
  };
}

function addTo(
  items: BatchItem[],
  { part, group, dependsOn, condition }: JsonRequest,
  known: Set<string>,
): void {
  const last = items.at(-1);
  const isMore = group !== undefined && last?.group === group;
  const names = new Set(items.map(item => item.group));
  if (known.has(part.id!) || names.has(part.id)) throw wrong(`The id "${part.id}" is used twice.`);
  const unknown = dependsOn.find(id => !known.has(id) && !names.has(id));
  if (unknown !== undefined) throw wrong(`"${part.id}" depends on "${unknown}", which must come before it.`);
  if (!isMore) {
    if (group !== undefined && (names.has(group) || known.has(group))) {
      throw wrong(
        `The requests of atomicity group "${group}" must be consecutive, and no request may have the same id.`,
      );
    }
    items.push({ atomic: group !== undefined, parts: [part], group, dependsOn, condition });
    return;
  }
  if (condition !== undefined)
    throw wrong('Only the first request of an atomicity group may have a condition.');
  const outside = dependsOn.filter(id => !last!.parts.some(other => other.id === id));
  items[items.length - 1] = {
    ...last!,
    parts: [...last!.parts, part],
    dependsOn: [...last!.dependsOn, ...outside],
  };
}

function readHeaders(value: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, text] of Object.entries(asObject(value, '"headers"'))) {
    headers.set(name.toLowerCase(), asText(text, `headers/${name}`));
  }
  return headers;
}

/** JSON comes as it is, text as a string, everything else as base64url. */
function readBody(value: unknown, type = 'application/json'): string {
  if (value == null) return '';
  if (typeof value !== 'string' || isJsonType(type)) return JSON.stringify(value);
  return /^text\//i.test(type) ? value : Buffer.from(value, 'base64url').toString();
}

function readIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(id => asText(id, 'dependsOn'));
  throw wrong('"dependsOn" must be a list of ids.');
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw wrong(`${what} must be an object.`);
}

/** Ids and headers may be returned in headers, so they must not contain line breaks. */
const controls = /[\x00-\x1f\x7f]/;

function asText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && !controls.test(value)) return value;
  throw wrong(`"${name}" must be a non-empty string on one line.`);
}

const wrong = (message: string) => fault('INVALID_VALUE', message);
