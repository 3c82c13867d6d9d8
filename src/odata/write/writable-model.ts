// What a caller may address in order to write. What may be written without being read is in it, but is never shown.

import type { PermittedCatalog } from '../../query/permitted/permitted-catalog.ts';
import { toSets, type VisibleModel } from '../model/visible-model.ts';

/** @returns every set that may be read or written, with the fields of which the same is true */
export function writableModel({ catalog, entities }: PermittedCatalog): VisibleModel {
  const known = [...entities.values()].filter(({ read, write }) => read || write);
  const sets = toSets(known, ({ write, readable, writable }, field) => {
    if (readable.has(field.name)) return true;
    // Whether a relation may be followed is decided when it is.
    return writable.has(field.name) && (write || field.kind === 'relation');
  });
  return { catalog, sets, access: 'write' };
}
