// The OData names of types (OData CSDL XML 4.0, 4.4).

import type { Catalog, Scalar, ValueType } from '../../catalog/catalog.ts';

export const namespace = 'Portolan';
export const containerName = 'Container';
/** An open complex type: JSON values are objects with undeclared members. (Edm.Untyped came with 4.01.) */
export const jsonTypeName = 'Json';

const edmTypes: Readonly<Record<Exclude<Scalar, 'Enum'>, string>> = {
  String: 'Edm.String',
  Boolean: 'Edm.Boolean',
  Int: 'Edm.Int32',
  BigInt: 'Edm.Int64',
  Float: 'Edm.Double',
  Decimal: 'Edm.Decimal',
  DateTime: 'Edm.DateTimeOffset',
  Date: 'Edm.Date',
  Time: 'Edm.TimeOfDay',
  Duration: 'Edm.Duration',
  Uuid: 'Edm.Guid',
  Json: `${namespace}.${jsonTypeName}`,
  Bytes: 'Edm.Binary',
};

/** @returns the type's qualified name: `Edm.Decimal`, `Collection(Edm.String)`, `Portolan.OrderStatus` */
export function edmType(type: ValueType): string {
  const element = type.scalar === 'Enum' ? qualified(type.enum!.name) : edmTypes[type.scalar];
  return type.list ? `Collection(${element})` : element;
}

/**
 * @param mark the prefix of built-in type names: `#` in 4.0, none in 4.01
 * @returns the type names in payloads, for the query engine's TypeSelection
 */
export function payloadNames(catalog: Catalog, mark: '' | '#'): Readonly<Record<string, string>> {
  const known = namesOf.get(catalog)?.[mark];
  if (known) return known;
  const names: Record<string, string> = {};
  const add = (type: string, name: string, before: string) => {
    names[type] = before + name;
    names[`${type}[]`] = `${before}Collection(${name})`;
  };
  for (const [scalar, edm] of Object.entries(edmTypes)) {
    const own = /^Edm\.(.*)$/.exec(edm)?.[1];
    add(scalar, own ?? edm, own === undefined ? '#' : mark);
  }
  for (const name of catalog.enums.keys()) add(name, qualified(name), '#');
  namesOf.set(catalog, { ...namesOf.get(catalog), [mark]: names });
  return names;
}

const namesOf = new WeakMap<Catalog, Partial<Record<'' | '#', Readonly<Record<string, string>>>>>();

export const qualified = (name: string): string => `${namespace}.${name}`;

/** @returns a type's own name; names without the namespace are returned as they are */
export const unqualified = (name: string): string =>
  name.startsWith(`${namespace}.`) ? name.slice(namespace.length + 1) : name;
