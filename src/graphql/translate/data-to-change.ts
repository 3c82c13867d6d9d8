// `data: { name: "Lamp", category: { connect: { slug: "light" } } }` -> the new values of a row.

import type { Entity, RelationField, ValueType } from '../../catalog/catalog.ts';
import type { ChangeData, ChangeKey, ChangeLink, ChangeValue } from '../../query/ask/entity-change.ts';
import { type Literal, type LiteralValue, literal } from '../../query/ask/expression.ts';
import { entriesOf, type Input, itemsOf, positionOf } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';

/** @param path its path in the arguments */
export function dataToChange(
  translation: Translation,
  entity: Entity,
  input: Input,
  path: string,
): ChangeData {
  const values: ChangeValue[] = [];
  const links: ChangeLink[] = [];
  for (const [name, item] of entriesOf(input)) {
    if (isRefused(item.value)) continue;
    const inner = `${path}.${name}`;
    const field = entity.fields.get(name);
    if (field?.kind === 'relation') links.push(...toLink(translation, field, item, inner));
    else if (field) values.push({ field: name, literal: toLiteral(field.type, item) });
  }
  return { path, values, links, at: positionOf(input) };
}

/** Whether a value or an item of it was rejected already: it is then undefined in the variables. */
const isRefused = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.includes(undefined));

/** @returns one change per list item */
export const listToChange = (
  translation: Translation,
  entity: Entity,
  input: Input,
  path: string,
): ChangeData[] => toItems(input, path, (item, inner) => dataToChange(translation, entity, item, inner));

function toLink(translation: Translation, relation: RelationField, input: Input, path: string): ChangeLink[] {
  if (input.value === null) return [];
  const target = translation.target(relation.target);
  const ways = new Map(
    entriesOf(input).filter(([, item]) => item.value !== undefined && item.value !== null),
  );
  const link = { relation: relation.name, path, at: positionOf(input) };
  const [create, connect, disconnect, set] = ['create', 'connect', 'disconnect', 'set'].map(way =>
    ways.get(way),
  );
  const cuts = disconnect?.value === true;
  if (!relation.list) {
    if (disconnect && !cuts && !create && !connect) return [];
    return [
      {
        ...link,
        ...(create && { create: [dataToChange(translation, target, create, `${path}.create`)] }),
        ...(connect && { connect: [toKey(connect, `${path}.connect`)] }),
        ...(cuts && { disconnect: true }),
      },
    ];
  }
  const keys = (item: Input, way: string) => toItems(item, `${path}.${way}`, toKey);
  return [
    {
      ...link,
      ...(create && { create: listToChange(translation, target, create, `${path}.create`) }),
      ...(connect && { connect: keys(connect, 'connect') }),
      ...(disconnect && { disconnect: keys(disconnect, 'disconnect') }),
      ...(set && { set: keys(set, 'set') }),
    },
  ];
}

const toItems = <T>(input: Input, path: string, convert: (item: Input, path: string) => T): T[] =>
  itemsOf(input).flatMap((item, index) =>
    item.value === undefined ? [] : [convert(item, `${path}[${index}]`)],
  );

function toKey(input: Input, path: string): ChangeKey {
  const entries = entriesOf(input).filter(([, item]) => item.value !== undefined && item.value !== null);
  const values = entries.map(([field, { value, node }]) => ({
    field,
    literal: literal(value as LiteralValue, undefined, node?.loc?.start),
  }));
  return { path, values, at: positionOf(input) };
}

function toLiteral(type: ValueType, input: Input): Literal {
  const isJson = type.scalar === 'Json' && input.value !== null;
  const value = isJson ? { json: input.value } : (input.value as LiteralValue);
  return literal(value, undefined, positionOf(input));
}
