// Changes as the doors say them, in a few words.

import { Fault } from '../../src/base/errors.ts';
import type { Principal } from '../../src/base/principal.ts';
import type {
  ChangeData,
  ChangeKey,
  ChangeLink,
  ChangeRequest,
  ChangeValue,
} from '../../src/query/ask/entity-change.ts';
import type { Selection } from '../../src/query/ask/entity-query.ts';
import { type LiteralValue, literal } from '../../src/query/ask/expression.ts';
import type { NumberFormat } from '../../src/query/ask/output-format.ts';
import type { ReadAnswer } from '../../src/query/ask/read-answer.ts';
import { ChangeFailure } from '../../src/query/change/run-all.ts';
import type { Engine } from '../../src/query/engine.ts';

type Values = Readonly<Record<string, LiteralValue>>;

const valuesOf = (values: Values): ChangeValue[] =>
  Object.entries(values).map(([field, value]) => ({ field, literal: literal(value) }));

export const data = (values: Values, links: readonly ChangeLink[] = [], path = 'data'): ChangeData => ({
  path,
  values: valuesOf(values),
  links,
});

export const key = (values: Values, path = ''): ChangeKey => ({ path, values: valuesOf(values) });

export const target = (values: Values) => ({ kind: 'key', key: key(values) }) as const;

export const writer = (...scopes: string[]): Principal => ({
  kind: 'key',
  id: 'test',
  userId: 'user',
  name: 'test',
  scopes: new Set(scopes),
  scopeKey: scopes.join(' '),
});

const all = writer('read', 'write');

export const fields = (...names: string[]): Selection[] =>
  names.map(name =>
    name === 'version' ? { kind: 'version', as: name } : { kind: 'field', field: name, as: name },
  );

/** @returns the answers, parsed */
export async function change(engine: Engine, request: ChangeRequest, principal = all): Promise<unknown> {
  return JSON.parse((await run(engine, request, principal)).text);
}

export async function run(
  engine: Engine,
  request: ChangeRequest,
  principal = all,
  format: NumberFormat = 'strings',
): Promise<ReadAnswer> {
  const [answer] = await engine.change([engine.prepareChange(request, principal, format)]);
  return answer!;
}

/** @returns code, and faults as `path code` */
export async function refusal(engine: Engine, request: ChangeRequest, principal = all) {
  try {
    await run(engine, request, principal);
  } catch (error) {
    const fault = error instanceof ChangeFailure ? error.cause : error;
    if (!(fault instanceof Fault)) throw fault;
    const details = (fault.details ?? []) as { path: string; code: string; message: string }[];
    return {
      code: fault.code,
      message: fault.message,
      target: fault.target,
      faults: details.map(({ path, code }) => `${path} ${code}`),
    };
  }
  throw new Error('It was not refused.');
}
