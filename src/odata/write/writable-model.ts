// What a caller may address in a write. It includes what the caller may write but not read, which is never shown.

import type { PermittedCatalog } from '../../query/permitted/permitted-catalog.ts';
import { toSets, type VisibleModel } from '../model/visible-model.ts';

/** @returns every set that the caller may read or write, with the fields that they may read or write */
export function writableModel({ catalog, entities }: PermittedCatalog): VisibleModel {
  const known = [...entities.values()].filter(({ read, write }) => read || write);
  const sets = toSets(known, ({ write, readable, writable }, field) => {
    if (readable.has(field.name)) return true;
    // Whether a relation may be followed is checked when it is used.
    return writable.has(field.name) && (write || field.kind === 'relation');
  });
  return { catalog, sets, access: 'write' };
}
