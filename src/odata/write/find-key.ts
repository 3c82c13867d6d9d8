// Finds the entity of a path. A set with a key names it directly; the end of a longer path is looked up.

import { fault } from '../../base/errors.ts';
import { parseExactJson } from '../../base/exact-json.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { ChangeKey } from '../../query/ask/entity-change.ts';
import { and } from '../../query/ask/expression.ts';
import type { Step } from '../model/resource.ts';
import { pathCondition } from '../translate/path-condition.ts';
import { Budget } from '../url/syntax.ts';
import { jsonToLiteral } from './json-to-literal.ts';
import { toChangeKey } from './reference.ts';
import type { WriteRequest } from './write-request.ts';

/** @throws NOT_FOUND when there is no such entity, SCOPE_MISSING when the caller may not read the entities in the path */
export async function findKey(write: WriteRequest, steps: readonly Step[], path = ''): Promise<ChangeKey> {
  const [first] = steps as [Step];
  if (steps.length === 1 && first.key) return toChangeKey(write, first.key, path);
  const { entity } = steps.at(-1)!.entity;
  const row = await readRow(write, steps, entity.key);
  if (!row) throw fault('NOT_FOUND', 'The entity does not exist.');
  return {
    path,
    values: entity.key.map(field => ({ field, literal: literalOf(entity, field, row[field]) })),
  };
}

const literalOf = (entity: Entity, field: string, value: unknown) =>
  jsonToLiteral((entity.fields.get(field) as ColumnField).type, value);

/** @returns the fields, and the entity tag as `@`; undefined when there is no such row */
export async function readRow(
  { service: { engine }, model, options, principal, request, scope }: WriteRequest,
  steps: readonly Step[],
  fields: readonly string[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const translation = { catalog: model.catalog, budget: new Budget(), alias: options.alias };
  const query = {
    entity: steps.at(-1)!.entity.entity.name,
    where: and(pathCondition(translation, steps)),
    select: [
      { kind: 'version', as: '@' } as const,
      ...fields.map(field => ({ kind: 'field', field, as: field }) as const),
    ],
    cardinality: 'one',
  } as const;
  const read = engine.prepare(query, principal, 'odata-strings');
  const { text } = await engine.run(read, request.signal, scope.session);
  return (parseExactJson(text) as Record<string, unknown> | null) ?? undefined;
}
