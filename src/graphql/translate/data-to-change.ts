// `data: { name: "Lamp", category: { connect: { slug: "light" } } }` -> what a row is to hold.

import type { Entity, RelationField, ValueType } from '../../catalog/catalog.ts';
import type { ChangeData, ChangeKey, ChangeLink, ChangeValue } from '../../query/entity-change.ts';
import { type Literal, type LiteralValue, literal } from '../../query/expression.ts';
import { entriesOf, type Given, itemsOf, positionOf } from './given.ts';
import type { Translation } from './translation.ts';

/** @param path where it stands among the arguments */
export function dataToChange(
  translation: Translation,
  entity: Entity,
  given: Given,
  path: string,
): ChangeData {
  translation.place(given, path);
  const values: ChangeValue[] = [];
  const links: ChangeLink[] = [];
  for (const [name, item] of entriesOf(given)) {
    if (item.value === undefined) continue;
    const inner = `${path}.${name}`;
    translation.place(item, inner);
    const field = entity.fields.get(name);
    if (field?.kind === 'relation') links.push(...toLink(translation, field, item, inner));
    else if (field) values.push({ field: name, literal: toLiteral(field.type, item) });
  }
  return { path, values, links, at: positionOf(given) };
}

/** @returns one for each item of a list */
export const listToChange = (
  translation: Translation,
  entity: Entity,
  given: Given,
  path: string,
): ChangeData[] =>
  toItems(translation, given, path, (item, inner) => dataToChange(translation, entity, item, inner));

function toLink(translation: Translation, relation: RelationField, given: Given, path: string): ChangeLink[] {
  if (given.value === null) return [];
  const target = translation.target(relation.target);
  const ways = new Map(
    entriesOf(given).filter(([, item]) => item.value !== undefined && item.value !== null),
  );
  for (const [way, item] of ways) translation.place(item, `${path}.${way}`);
  const link = { relation: relation.name, path, at: positionOf(given) };
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
        ...(connect && { connect: [toKey(translation, connect, `${path}.connect`)] }),
        ...(cuts && { disconnect: true }),
      },
    ];
  }
  const keys = (item: Given, way: string) =>
    toItems(translation, item, `${path}.${way}`, (one, inner) => toKey(translation, one, inner));
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

function toItems<T>(
  translation: Translation,
  given: Given,
  path: string,
  convert: (item: Given, path: string) => T,
): T[] {
  translation.place(given, path);
  return itemsOf(given).flatMap((item, index) => {
    const inner = `${path}[${index}]`;
    translation.place(item, inner);
    return item.value === undefined ? [] : [convert(item, inner)];
  });
}

function toKey(translation: Translation, given: Given, path: string): ChangeKey {
  const entries = entriesOf(given).filter(([, item]) => item.value !== undefined && item.value !== null);
  for (const [name, item] of entries) translation.place(item, `${path}.${name}`);
  const values = entries.map(([field, { value, node }]) => ({
    field,
    literal: literal(value as LiteralValue, undefined, node?.loc?.start),
  }));
  return { path, values, at: positionOf(given) };
}

function toLiteral(type: ValueType, given: Given): Literal {
  const isJson = type.scalar === 'Json' && given.value !== null;
  const value = isJson ? { json: given.value } : (given.value as LiteralValue);
  return literal(value, undefined, positionOf(given));
}
