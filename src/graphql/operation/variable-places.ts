import { type FieldNode, Kind, type ValueNode } from 'graphql';

/** @returns where variables stand among the arguments of a field: `data`, `data.price`, `data[3].sku`. The first place counts. */
export function variablePlaces({ arguments: args = [] }: FieldNode): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const { name, value } of args) note(places, value, name.value);
  return places;
}

function note(places: Map<string, string>, value: ValueNode, path: string): void {
  if (value.kind === Kind.VARIABLE && !places.has(value.name.value)) places.set(value.name.value, path);
  if (value.kind === Kind.LIST)
    for (const [index, item] of value.values.entries()) note(places, item, `${path}[${index}]`);
  if (value.kind === Kind.OBJECT)
    for (const field of value.fields) note(places, field.value, `${path}.${field.name.value}`);
}
