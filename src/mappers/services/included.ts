// The mappers that a project includes: read-only, and versioned by their content.

import { createHash } from 'node:crypto';
import { fault } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { checkMapper } from '../document/check-mapper.ts';
import type { MapperDraft } from '../document/schema.ts';
import { slug } from '../transforms/text.ts';
import type { StoredMapper } from './stored-mapper.ts';

/**
 * @param drafts of the project
 * @returns by id
 * @throws CONFLICT for one that does not fit the catalog, and for two of the same name
 */
export function includedMappers(
  drafts: readonly MapperDraft[],
  catalog: Catalog,
): ReadonlyMap<string, StoredMapper> {
  const mappers = new Map<string, StoredMapper>();
  for (const draft of drafts) {
    const mapper = toStored(draft, catalog);
    if (mappers.has(mapper.id))
      throw fault('CONFLICT', `The project includes two mappers named "${mapper.name}".`);
    mappers.set(mapper.id, mapper);
  }
  return mappers;
}

function toStored(draft: MapperDraft, catalog: Catalog): StoredMapper {
  const id = slug(draft.name) as string;
  try {
    const { document } = checkMapper(draft, catalog);
    const version = createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 12);
    return {
      id,
      name: document.name,
      entity: document.entity,
      version,
      ownerId: null,
      savedAt: null,
      included: true,
      document,
    };
  } catch (error) {
    throw fault('CONFLICT', `The project's mapper "${draft.name}" is wrong. ${(error as Error).message}`, {
      cause: error,
    });
  }
}
