// The parameters of a GraphQL request: https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters

import { fault } from '../../base/errors.ts';
import { parseExactJson } from '../../base/exact-json.ts';
import { isObject } from '../../base/is-object.ts';
import { nestedDeeperThan } from '../../base/nesting.ts';
import { refuseRepeatedMembers } from '../../base/received-json.ts';
import { jsonErrorLocation, jsonErrorReason } from './json-error.ts';

export interface Params {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** Nesting depth of the values of variables. */
const variablesNestingMax = 100;

/** Finds the document that a request refers to by hash: see persisted-documents.ts. */
export interface Documents {
  complete(query: string | undefined, extensions: Params['extensions']): string | undefined;
}

/** @param text the body of a POST @throws INVALID_JSON with the location; MALFORMED_REQUEST */
export function paramsFromBody(text: string, documents?: Documents): Params {
  const body = parseJson(text, 'The body');
  if (!isObject(body)) throw malformed(`The body must be a JSON object, not ${kindOf(body)}.`);
  return checked(body, documents);
}

/** @param query as sent, percent-encoded @throws as paramsFromBody does */
export function paramsFromQuery(query: string, documents?: Documents): Params {
  const params = new URLSearchParams(query);
  const json = (name: string) => {
    const text = params.get(name);
    return text ? parseJson(text, `The parameter "${name}"`) : undefined;
  };
  const parameters = {
    query: params.get('query') ?? undefined,
    operationName: params.get('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  };
  return checked(parameters, documents);
}

function checked(params: Readonly<Record<string, unknown>>, documents?: Documents): Params {
  const { operationName, variables, extensions } = params;
  const sent = params.query ?? undefined;
  if (sent !== undefined && typeof sent !== 'string') {
    throw malformed(`"query" must be a string, not ${kindOf(sent)}.`, 'query');
  }
  const query = documents ? documents.complete(sent, isObject(extensions) ? extensions : undefined) : sent;
  if (query === undefined) throw missingQuery();
  if (!isMissing(operationName) && typeof operationName !== 'string') {
    throw malformed(`"operationName" must be a string, not ${kindOf(operationName)}.`, 'operationName');
  }
  for (const [name, value] of Object.entries({ variables, extensions })) {
    if (!isMissing(value) && !isObject(value))
      throw malformed(`"${name}" must be an object, not ${kindOf(value)}.`, name);
  }
  if (nestedDeeperThan(variables, variablesNestingMax)) {
    throw fault('LIMIT_EXCEEDED', `"variables" is nested more than ${variablesNestingMax} levels deep.`, {
      target: 'variables',
    });
  }
  return { query, operationName, variables, extensions } as Params;
}

const missingQuery = () =>
  malformed('"query" is missing.', 'query', 'Send {"query": "…"} as the body, or ?query=… in the URL.');

const malformed = (message: string, target?: string, hint?: string) =>
  fault('MALFORMED_REQUEST', message, { target, hint });

const isMissing = (value: unknown): boolean => value === undefined || value === null;

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

/** @param what names the text in the message @throws INVALID_JSON with line and column */
export function parseJson(text: string, what: string): unknown {
  const value = parseAny(text, what);
  refuseRepeatedMembers(text);
  return value;
}

function parseAny(text: string, what: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw fault('INVALID_JSON', `${what} is not valid JSON: ${jsonErrorReason(error)}.`, {
      location: jsonErrorLocation(text),
    });
  }
}
