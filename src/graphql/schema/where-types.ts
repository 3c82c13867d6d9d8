// `ProductWhere` and the filters over relations.

import type { Entity, RelationField } from '../../catalog/catalog.ts';
import { aggregateFieldOf } from '../model/aggregates.ts';
import { aggregateFilterType } from './aggregate-filter-types.ts';
import { comparisonType } from './comparison-types.ts';
import { describeField } from './describe.ts';
import { filterType } from './filter-types.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';

/** @returns the type of conditions on one entity's rows */
export function whereType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${entity.name}Where`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on ${entity.set}; all of them must hold.`,
      fields: t => ({
        AND: t.field({ type: [ref], description: 'All of these hold. An empty list is true.' }),
        OR: t.field({ type: [ref], description: 'At least one of these holds. An empty list is false.' }),
        NOT: t.field({ type: [ref], description: 'None of these holds.' }),
        ...Object.fromEntries(
          conditions(parts, entity).map(({ name, type, description }) => [
            name,
            t.field({ type, description }),
          ]),
        ),
      }),
    }),
  );
}

interface Condition {
  readonly name: string;
  readonly type: InputRef | [InputRef];
  readonly description?: string;
}

function conditions(parts: SchemaParts, entity: Entity): Condition[] {
  const list: Condition[] = [];
  for (const field of entity.fields.values()) {
    if (field.kind === 'function') continue;
    const type = field.kind === 'relation' ? relationFilterType(parts, field) : filterType(parts, field.type);
    list.push({ name: field.name, type, description: describeField(entity, field) });
    if (field.kind === 'relation') list.push(...aggregateConditions(parts, entity, field));
  }
  return [...list, ...comparisons(parts, entity)];
}

function aggregateConditions(parts: SchemaParts, entity: Entity, relation: RelationField): Condition[] {
  const name = aggregateFieldOf(entity, relation);
  if (name === undefined) return [];
  const target = parts.catalog.entities.get(relation.target)!;
  const description = `Aggregates of its ${relation.name}.`;
  return [{ name, type: aggregateFilterType(parts, target, whereType), description }];
}

/** Under `compare`, unless the model has a field of that name. */
function comparisons(parts: SchemaParts, entity: Entity): Condition[] {
  const type = comparisonType(parts, entity);
  if (!type || entity.fields.has('compare')) return [];
  return [
    {
      name: 'compare',
      type: [type],
      description: 'Comparisons of values computed from the row: fields, numbers, functions.',
    },
  ];
}

function relationFilterType(parts: SchemaParts, relation: RelationField): InputRef {
  const target = parts.catalog.entities.get(relation.target)!;
  return relation.list ? toManyFilterType(parts, target) : toOneFilterType(parts, target);
}

function toManyFilterType(parts: SchemaParts, target: Entity): InputRef {
  return inputType(parts, `${target.name}ListFilter`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on related ${target.set}; all of them must hold.`,
      fields: t => {
        const where = whereType(parts, target);
        return {
          some: t.field({ type: where, description: 'At least one matches the condition.' }),
          every: t.field({ type: where, description: 'All match the condition.' }),
          none: t.field({ type: where, description: 'None matches the condition.' }),
        };
      },
    }),
  );
}

function toOneFilterType(parts: SchemaParts, target: Entity): InputRef {
  return inputType(parts, `${target.name}Filter`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on one related ${target.single}; all of them must hold. Input directly, they are as under \`is\`.`,
      fields: t => {
        const where = whereType(parts, target);
        const list = (description: string) => t.field({ type: [where], description });
        return {
          is: t.field({
            type: where,
            description: 'There is one and it matches the condition; null: there is none.',
          }),
          isNot: t.field({
            type: where,
            description: 'There is none or it does not match the condition; null: there is one.',
          }),
          AND: list('There is one, and all of these hold.'),
          OR: list('There is one, and at least one of these holds.'),
          NOT: list('There is one, and none of these holds.'),
          ...Object.fromEntries(
            conditions(parts, target).map(({ name, type, description }) => [
              name,
              t.field({ type, description }),
            ]),
          ),
        };
      },
    }),
  );
}
