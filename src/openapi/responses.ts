// The responses of an operation: its success, and its errors by status.

import { STATUS_CODES } from 'node:http';
import type { GenericSchema } from 'valibot';
import type { ErrorCode } from '../base/errors.ts';
import type { Operation } from '../http/message/operation.ts';
import { errorsOf } from './errors.ts';
import { answerSchema, type JsonSchema, type NamedSchemas } from './json-schema.ts';

interface Response {
  readonly description: string;
  readonly headers?: object;
  readonly content?: object;
}

const errorRef: JsonSchema = { $ref: '#/components/schemas/Error' };

/** @returns by status; `default` stands for errors that every operation can have */
export function responsesOf(operation: Operation, named: NamedSchemas): Record<string, Response> {
  const failed = (description: string, headers?: object): Response => ({
    description,
    headers,
    content: json(errorContent(operation, named)),
  });
  const errors = [...errorsOf(operation)].map(([status, codes]) => [
    status,
    failed(errorText(status, codes), headersOf(status)),
  ]);
  const others = Object.entries(operation.otherAnswers ?? {}).map(([status, schema]) => [
    status,
    { description: STATUS_CODES[status] ?? '', content: json(answerSchema(schema, named)) },
  ]);
  return {
    [String(statusOfSuccess(operation))]: success(operation, named),
    ...Object.fromEntries(errors),
    ...Object.fromEntries(others),
    default: failed('Any other error.'),
  };
}

function success({ answer, returns }: Operation, named: NamedSchemas): Response {
  if (returns)
    return {
      description: 'Success.',
      content: Object.fromEntries(returns.map(type => [type, { schema: { type: 'string' } }])),
    };
  return answer
    ? { description: 'Success.', content: json(answerSchema(answer, named)) }
    : { description: 'Success, without content.' };
}

const statusOfSuccess = ({ status, answer, returns }: Operation): number =>
  status ?? (answer || returns ? 200 : 204);

const json = (schema: JsonSchema) => ({ 'application/json': { schema } });

function errorContent({ errorMembers }: Operation, named: NamedSchemas): JsonSchema {
  return errorMembers ? { allOf: [errorRef, answerSchema(errorMembers as GenericSchema, named)] } : errorRef;
}

const errorText = (status: number, codes: readonly ErrorCode[]): string =>
  `${STATUS_CODES[status] ?? 'Error'}: ${codes.map(code => `\`${code}\``).join(', ')}.`;

function headersOf(status: number): object | undefined {
  if (status === 401) return { 'WWW-Authenticate': header('The credentials that are accepted.') };
  if (status === 429) return { 'Retry-After': header('Seconds after which to retry.') };
  return undefined;
}

const header = (description: string) => ({ description, schema: { type: 'string' } });
