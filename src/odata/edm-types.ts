// The names under which OData clients know our types (OData CSDL XML 4.0, 4.4).

import type { Scalar, ValueType } from '../catalog/catalog.ts';

export const namespace = 'Portolan';
export const containerName = 'Container';
/** An open complex type: JSON values are objects whose members nobody declares. (Edm.Untyped came with 4.01.) */
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

/** How payloads name the types of values: with a mark before it in 4.0, without in 4.01. */
export const edmNames = { plain: namesAfter(''), marked: namesAfter('#') };

function namesAfter(mark: string): Readonly<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const [scalar, edm] of Object.entries(edmTypes)) {
    const name = edm.replace(/^Edm\./, '');
    names[scalar] = mark + name;
    names[`${scalar}[]`] = `${mark}Collection(${name})`;
  }
  return names;
}

export const qualified = (name: string): string => `${namespace}.${name}`;

/** @returns a type's own name; names without our namespace are let through */
export const unqualified = (name: string): string =>
  name.startsWith(`${namespace}.`) ? name.slice(namespace.length + 1) : name;
