// Holds requests and responses of the REST API against the OpenAPI document: the harness calls it for every test.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import project from '../../portolan.config.ts';
import type { Operation } from '../../src/http/message/operation.ts';
import { openApiDocument } from '../../src/openapi/document.ts';
import { errorsOf } from '../../src/openapi/errors.ts';
import { catalogOf } from '../../src/project.ts';
import { contract, describeServer } from '../../src/rest-contract.ts';

interface Described {
  readonly operation: Operation;
  readonly pattern: RegExp;
  /** The JSON pointer of the operation in the document. */
  readonly pointer: string;
  readonly statuses: readonly string[];
}

interface JsonObject {
  [name: string]: unknown;
}

const document = openApiDocument(contract, describeServer('http://localhost:3000', catalogOf(project)));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('date-time', text => !Number.isNaN(Date.parse(text)) && text.endsWith('Z'));
ajv.addSchema({ ...(sealed(document) as object), $id: 'openapi' });

const described: readonly Described[] = contract.operations.map(operation => {
  const method = operation.method.toLowerCase();
  return {
    operation,
    pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}/?$`),
    pointer: `/paths/${operation.path.replaceAll('/', '~1')}/${method}`,
    statuses: Object.keys((document.paths[operation.path]![method] as { responses: object }).responses),
  };
});

/** @throws Error unless the response, and the request of a successful one, are as the document says */
export async function checkExchange(
  request: Request,
  body: string | undefined,
  response: Response,
): Promise<void> {
  const { pathname } = new URL(request.url);
  const found = described
    .filter(({ operation, pattern }) => operation.method === request.method && pattern.test(pathname))
    // A path without parameters comes first.
    .toSorted((a, b) => Number(a.operation.path.includes('{')) - Number(b.operation.path.includes('{')))
    .at(0);
  if (!found) return;
  const problem =
    (await problemOf(found, response)) ?? (response.ok ? problemOfBody(found, body) : undefined);
  if (problem)
    throw new Error(
      `${request.method} ${pathname} -> ${response.status} is not as in openapi.json: ${problem}`,
    );
}

async function problemOf(
  { operation, pointer, statuses }: Described,
  response: Response,
): Promise<string | undefined> {
  const status = String(response.status);
  if (response.ok && !statuses.includes(status)) return `the status is not one of ${statuses.join(', ')}`;
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (response.ok && operation.returns) return operation.returns.includes(type) ? undefined : `it is ${type}`;
  const text = await response.clone().text();
  if (response.ok && !operation.answer) return text === '' ? undefined : 'it is not empty';
  if (type !== 'application/json') return `it is ${type}`;
  const answer = JSON.parse(text);
  const entry = statuses.includes(status) ? status : 'default';
  return (
    invalid(validator(`${pointer}/responses/${entry}/content/application~1json/schema`), answer) ??
    undocumented(operation, answer)
  );
}

/** An error whose status is documented has one of its documented codes. */
function undocumented(
  operation: Operation,
  answer: { readonly error?: { readonly code: string } },
): string | undefined {
  if (!answer.error) return undefined;
  const { code } = answer.error;
  const general = ['INTERNAL', 'UNAVAILABLE', 'NOT_ACCEPTABLE', 'URI_TOO_LONG', 'REQUEST_TIMEOUT', 'TIMEOUT'];
  const codes: string[] = [...errorsOf(operation).values()].flat();
  return [...codes, ...general].includes(code) ? undefined : `${code} is not documented`;
}

function problemOfBody({ operation, pointer }: Described, body: string | undefined): string | undefined {
  if (!operation.body || body === undefined) return undefined;
  return invalid(validator(`${pointer}/requestBody/content/application~1json/schema`), JSON.parse(body));
}

const validators = new Map<string, ValidateFunction>();

function validator(pointer: string): ValidateFunction {
  const known =
    validators.get(pointer) ??
    ajv.compile({ $ref: `openapi#${pointer.replaceAll('{', '%7B').replaceAll('}', '%7D')}` });
  validators.set(pointer, known);
  return known;
}

const invalid = (validate: ValidateFunction, value: unknown): string | undefined =>
  validate(value) ? undefined : ajv.errorsText(validate.errors);

/** The document lets responses have more members; here each must be documented. */
function sealed(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map(item => sealed(item, path));
  if (typeof value !== 'object' || value === null) return value;
  const object = Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, member]) => [name, sealed(member, `${path}/${name}`)]),
  );
  // Errors of an import have the counts as well.
  const open = path.endsWith('/schemas/Error') || path.includes('/allOf');
  return 'properties' in object && object.type === 'object' && !open
    ? { additionalProperties: false, ...object }
    : object;
}
