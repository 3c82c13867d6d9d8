// Logged values -> rows in the form in which a query reads them instead of stored rows.

import type { Entity, ValueType } from '../catalog/catalog.ts';
import type { LoggedValues } from './stored-change.ts';

/** @returns JSON: an array of objects with values by column */
export const pastRows = (entity: Entity, rows: readonly LoggedValues[]): string =>
  `[${rows.map(values => pastRow(entity, values)).join(',')}]`;

function pastRow(entity: Entity, values: LoggedValues): string {
  const members = Object.entries(values).flatMap(([name, text]) => {
    const field = entity.fields.get(name);
    if (field?.kind !== 'column') return [];
    return [`${JSON.stringify(field.column)}:${text === null ? 'null' : valueJson(field.type, text)}`];
  });
  return `{${members.join(',')}}`;
}

/** JSON is inserted unparsed, so that no digit is lost. */
function valueJson({ scalar, list }: ValueType, text: string): string {
  const one = (item: string | null) =>
    item === null ? 'null' : scalar === 'Json' ? item : JSON.stringify(item);
  return list ? `[${(JSON.parse(text) as (string | null)[]).map(one).join(',')}]` : one(text);
}
