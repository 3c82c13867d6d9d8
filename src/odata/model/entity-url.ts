// The URL of one entity (OData 4.01 Part 2, 4.3.1): `products(1)`, `stockLevels(warehouseId=1,productId=2)`.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import { qualified } from './edm-types.ts';

/** @param values of the key, in its order, as JSON texts @returns the URL below the service root, percent-encoded */
export function entityUrl(entity: Entity, values: readonly string[]): string {
  const literals = entity.key.map((name, index) =>
    keyLiteral(entity.fields.get(name) as ColumnField, values[index]!),
  );
  const [only] = literals;
  const key =
    literals.length === 1 ? only : entity.key.map((name, index) => `${name}=${literals[index]}`).join(',');
  return `${entity.set}(${key})`;
}

/** @returns the URL with an alternate key: `products(sku='A-1')` */
export const alternateUrl = (entity: Entity, values: readonly (readonly [string, string])[]): string =>
  `${entity.set}(${values
    .map(([name, json]) => `${name}=${keyLiteral(entity.fields.get(name) as ColumnField, json)}`)
    .join(',')})`;

function keyLiteral({ type }: ColumnField, json: string): string {
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  switch (type.scalar) {
    case 'String':
      return quoted(text);
    case 'Enum':
      return qualified(type.enum!.name) + quoted(text);
    case 'Bytes':
      return `binary${quoted(text)}`;
    default:
      return encodeURIComponent(text);
  }
}

const quoted = (text: string): string => `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;
