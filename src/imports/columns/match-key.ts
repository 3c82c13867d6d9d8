import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';

interface KeyMatch {
  readonly match: readonly string[];
  readonly fault?: { readonly message: string; readonly hint?: string };
}

/**
 * Chooses the fields that identify a row of the file in the database: the natural key; if the file lacks it,
 * the primary key, for updates alone if the database counts it up. New rows need none.
 * @param given names of the fields that the file has
 */
export function matchFields(entity: Entity, given: ReadonlySet<string>, mode: ChangeMode): KeyMatch {
  const has = (names: readonly string[] | undefined) => names?.every(name => given.has(name)) ?? false;
  if (has(entity.naturalKey)) return { match: entity.naturalKey! };
  const made = entity.key.some(name => (entity.fields.get(name) as ColumnField | undefined)?.counted);
  if (has(entity.key) && (mode === 'update' || !made)) return { match: entity.key };
  if (mode === 'insert') return { match: [] };
  return { match: [], fault: missingKey(entity, given, mode) };
}

function missingKey(entity: Entity, given: ReadonlySet<string>, mode: ChangeMode): KeyMatch['fault'] {
  const key = entity.naturalKey ?? entity.key;
  const missing = key.filter(name => !given.has(name)).map(name => `"${name}"`);
  if (entity.naturalKey) {
    const what = missing.length > 1 ? `columns ${missing.join(' and ')} are` : `column ${missing[0]} is`;
    return { message: `The ${what} missing: rows of ${entity.set} are known by it.` };
  }
  const hint =
    mode === 'upsert' ? `Send mode=insert for new rows, or mode=update with ${key.join(', ')}.` : undefined;
  return {
    message: `Rows of ${entity.set} have no key of their own by which they could be found again.`,
    hint,
  };
}
