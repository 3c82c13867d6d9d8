// The parameters of an export: from the URL, and for long queries from a JSON body.

import { fault } from '../../base/errors.ts';
import { isObject } from '../../base/is-object.ts';
import { didYouMean } from '../../base/near-name.ts';
import { nestedDeeperThan } from '../../base/nesting.ts';
import { parseJson } from '../../graphql/http/params.ts';
import { isJsonType } from '../../http/message/json-type.ts';
import type { Incoming } from '../../http/message/message.ts';

/** Text from a URL, any JSON value from a body. */
export type ExportParams = ReadonlyMap<string, unknown>;

/** In the words of the Query API. */
const queryNames = ['select', 'where', 'orderBy', 'search'] as const;
const fileNames = ['format', 'delimiter', 'encoding', 'header', 'formulas', 'importable'] as const;
const readNames = ['limit', 'after', 'cursors', 'consistent'] as const;
const odataNames = ['$filter', '$select', '$orderby', '$expand', '$search', '$compute', '$top'] as const;
const knownNames: readonly string[] = [...queryNames, ...fileNames, ...readNames, ...odataNames];

/** A credential, which is not for this API: see API_KEY_IN_QUERY. */
const credentialName = 'api_key';

/** Levels of JSON within one another. */
const nestingMax = 100;

/** @throws UNKNOWN_OPTION, MALFORMED_REQUEST for a parameter that is sent twice, and what is wrong with the body */
export async function readParams(request: Incoming, bodyBytesMax: number): Promise<ExportParams> {
  const params = new Map<string, unknown>();
  for (const [name, value] of new URLSearchParams(request.query)) addParam(params, name, value);
  if (request.method === 'POST') {
    const body = await readBody(request, bodyBytesMax);
    for (const [name, value] of Object.entries(body)) if (value !== null) addParam(params, name, value);
  }
  return params;
}

function addParam(params: Map<string, unknown>, name: string, value: unknown): void {
  if (name === credentialName) return;
  if (params.has(name))
    throw fault('MALFORMED_REQUEST', `"${name.slice(0, 80)}" is specified twice.`, {
      target: name.slice(0, 80),
    });
  if (!knownNames.includes(name) && !name.startsWith('@')) throw unknownName(name);
  if (nestedDeeperThan(value, nestingMax)) {
    throw fault('LIMIT_EXCEEDED', `"${name}" is nested more than ${nestingMax} levels deep.`, {
      target: name,
    });
  }
  params.set(name, value);
}

const unknownName = (name: string) =>
  fault('UNKNOWN_OPTION', `There is no option "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, knownNames) ?? `The options are ${knownNames.join(', ')}.`,
    target: name.slice(0, 80),
  });

async function readBody(request: Incoming, bodyBytesMax: number): Promise<Readonly<Record<string, unknown>>> {
  const contentType = request.header('content-type');
  if (contentType && !isJsonType(contentType)) {
    throw fault('UNSUPPORTED_MEDIA_TYPE', `The body must be application/json, not ${contentType}.`, {
      hint: 'Send the header Content-Type: application/json, or the options in the URL.',
    });
  }
  const text = await request.text(bodyBytesMax);
  if (text.trim() === '') return {};
  const body = parseJson(text, 'The body');
  if (isObject(body)) return body;
  throw fault('MALFORMED_REQUEST', 'The body must be a JSON object with the options of the export.');
}

/** @returns the names that were sent in OData's words, parameter aliases included */
export const odataParams = (params: ExportParams): string[] =>
  [...params.keys()].filter(name => /^[$@]/.test(name));

/** @returns the names that were sent in the words of the Query API */
export const queryParams = (params: ExportParams): string[] => queryNames.filter(name => params.has(name));

/** @throws INVALID_VALUE for what is not a string */
export function textParam(params: ExportParams, name: string): string | undefined {
  const value = params.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw fault('INVALID_VALUE', `"${name}" must be a string.`, { target: name });
}

/** @throws INVALID_VALUE for anything but true and false */
export function flagParam(params: ExportParams, name: string): boolean | undefined {
  const value = params.get(name);
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw fault('INVALID_VALUE', `"${name}" must be true or false.`, { target: name });
}

/** @returns a JSON value, which in a URL is text @throws INVALID_JSON */
export function jsonParam(params: ExportParams, name: string): unknown {
  const value = params.get(name);
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value, `The parameter "${name}"`);
  if (!nestedDeeperThan(parsed, nestingMax)) return parsed;
  throw fault('LIMIT_EXCEEDED', `"${name}" is nested more than ${nestingMax} levels deep.`, { target: name });
}

/** @param choices the first is the default @throws INVALID_VALUE */
export function choiceParam<Choice extends string>(
  params: ExportParams,
  name: string,
  choices: readonly Choice[],
): Choice {
  const value = textParam(params, name);
  if (value === undefined || value === '') return choices[0]!;
  const known = choices.find(choice => choice === value.toLowerCase());
  if (known !== undefined) return known;
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of ${name}.`, {
    hint: didYouMean(value, choices) ?? `Its values are ${choices.join(', ')}.`,
    target: name,
  });
}
