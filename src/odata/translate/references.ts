// `GET …/$ref`: only the URLs of entities (OData 4.01 Part 1, 11.2.8).

import { fault } from '../../base/errors.ts';
import { parseVerbatimJson } from '../../base/exact-json.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import { entityUrl } from '../model/entity-url.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { NestedOptions } from '../parse/selection-items.ts';
import type { JsonForm } from '../url/media-type.ts';

/** @returns the key fields @throws INVALID_OPERATION for options that select fields */
export function referenceSelections({ entity }: VisibleEntity, options: NestedOptions): Selection[] {
  const misplaced = (['select', 'expand', 'compute'] as const).find(name => options[name] !== undefined);
  if (misplaced)
    throw fault('INVALID_OPERATION', `$${misplaced} cannot be combined with /$ref.`, {
      target: `$${misplaced}`,
    });
  return entity.key.map(field => ({ kind: 'field', field, as: field }));
}

type Row = Readonly<Record<string, unknown>>;

/**
 * @param root the service root, with a trailing slash
 * @param text JSON of a row with its key, a list of rows, or null
 * @returns the rows as references
 */
export function toReferences(
  entity: Entity,
  { prefix }: Pick<JsonForm, 'prefix'>,
  root: string,
  text: string,
): string {
  const rows = parseVerbatimJson(text) as Row | Row[] | null;
  const reference = (row: Row) => ({
    [`${prefix}id`]:
      root +
      entityUrl(
        entity,
        entity.key.map(name => JSON.stringify(row[name])),
      ),
  });
  if (rows === null) return 'null';
  return JSON.stringify(Array.isArray(rows) ? rows.map(reference) : reference(rows));
}
