// `Prefer: omit-values=nulls` (OData 4.01 Part 1, 8.2.8.6): fields without a value are left out, which shortens wide, sparse
// rows. Power Query can be configured to send it.

import { parseVerbatimJson } from '../../base/exact-json.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import type { Incoming } from '../../http/message/message.ts';
import { preference } from '../url/preferences.ts';

export const wantsNoNulls = (request: Pick<Incoming, 'header'>): boolean =>
  preference(request, 'omit-values')?.toLowerCase() === 'nulls';

/** @param text JSON of a row, a list of rows, or null @returns the same without null fields */
export const omitNulls = (catalog: Catalog, entity: Entity, text: string): string =>
  JSON.stringify(without(catalog, entity, parseVerbatimJson(text)));

/** The value of a Json field is kept as it is, including its nulls. */
function without(catalog: Catalog, entity: Entity, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => without(catalog, entity, item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    kept.map(([name, member]) => {
      const field = entity.fields.get(name);
      const target = field?.kind === 'relation' ? catalog.entities.get(field.target) : undefined;
      return [name, target ? without(catalog, target, member) : member];
    }),
  );
}
