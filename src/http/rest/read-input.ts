// The input of an operation, read as its declaration says: all validation errors at once.

import * as v from 'valibot';
import { type ErrorCode, type Fault, fault } from '../../base/errors.ts';
import { isObject } from '../../base/is-object.ts';
import { didYouMean } from '../../base/near-name.ts';
import { readJsonObject } from '../message/json-body.ts';
import type { Incoming } from '../message/message.ts';
import type { ObjectSchema, Operation } from '../message/operation.ts';
import { choicesOf, expectation } from './expectation.ts';
import { paramsOf } from './path-params.ts';

const bodyBytesMax = 65_536;
const shownMax = 100;

/** What a caller sent, before and after it is checked. */
export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
}

/** One validation error. */
interface Problem {
  readonly code: ErrorCode;
  readonly target: string;
  readonly message: string;
  readonly hint?: string;
}

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, and as `checkInput` */
export async function readInput(operation: Operation, request: Incoming): Promise<Input> {
  return checkInput(operation, {
    params: paramsOf(operation.path, request.path),
    query: optionsOf(request.query),
    body: operation.body && (await readJsonObject(request, bodyBytesMax)),
  });
}

/** @throws INVALID_VALUE, UNKNOWN_ARGUMENT, UNKNOWN_OPTION: one fault for all validation errors, which are in its details */
export function checkInput({ query, body }: Operation, input: Input): Input {
  const problems: Problem[] = [];
  const checked = {
    params: input.params,
    query: query ? check(query, input.query, 'option', problems) : {},
    body: body && check(body, input.body, 'member', problems),
  };
  if (problems.length > 0) throw faultOf(problems);
  return checked;
}

function check(
  schema: v.GenericSchema,
  value: unknown,
  kind: 'option' | 'member',
  problems: Problem[],
): unknown {
  const result = v.safeParse(schema, value, { message: expectation });
  const names = 'entries' in schema ? Object.keys((schema as ObjectSchema).entries) : undefined;
  const unknown = names && isObject(value) ? Object.keys(value).filter(name => !names.includes(name)) : [];
  problems.push(...unknown.map(name => unknownName(name, kind, names ?? [])));
  // The library reports only the first unknown name.
  for (const issue of result.issues ?? []) if (issue.expected !== 'never') problems.push(toProblem(issue));
  return result.output;
}

function unknownName(name: string, kind: 'option' | 'member', known: readonly string[]): Problem {
  const target = name.slice(0, shownMax);
  return {
    code: kind === 'option' ? 'UNKNOWN_OPTION' : 'UNKNOWN_ARGUMENT',
    target,
    message: `Unknown ${kind} "${target}".`,
    hint: didYouMean(name, known) ?? (known.length > 0 ? `Expected: ${known.join(', ')}.` : undefined),
  };
}

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  const target = (v.getDotPath(issue) ?? '').replaceAll(/\.(\d+)/g, '[$1]');
  const missing = issue.path?.at(-1)?.origin === 'key';
  const message = missing ? `"${target}" is missing.` : `"${target}" must be ${issue.message}.`;
  return { code: 'INVALID_VALUE', target, message, hint: nearChoice(issue) };
}

const nearChoice = ({ type, expected, input }: v.BaseIssue<unknown>): string | undefined =>
  type === 'picklist' && typeof input === 'string' ? didYouMean(input, choicesOf(expected)) : undefined;

function faultOf(problems: readonly Problem[]): Fault {
  const [{ code, message, hint, target }] = problems as [Problem];
  if (problems.length === 1) return fault(code, message, { hint, target });
  const codes = new Set(problems.map(one => one.code));
  const shown = problems.slice(0, 3).map(one => one.message);
  return fault(
    codes.size === 1 ? code : 'INVALID_VALUE',
    `${problems.length} validation errors. ${shown.join(' ')}${problems.length > 3 ? ' …' : ''}`,
    {
      hint,
      target,
      details: problems.slice(0, problemsMax),
    },
  );
}

const problemsMax = 100;

/** The first value of each option. `api_key` is a credential, if the configuration allows it there. */
function optionsOf(query: string): Record<string, string> {
  const options: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) if (name !== 'api_key') options[name] ??= value;
  return options;
}
