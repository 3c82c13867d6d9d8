// Differences between the database and what prisma/ and schema/ declare: missing tables and columns, types that do not match,
// natural keys without a unique index.

import type { Session } from './base/database/database.ts';
import type { Catalog, ColumnField, Entity } from './catalog/catalog.ts';

/** A column that statements use. */
interface ExpectedColumn {
  readonly table: string;
  readonly column: string;
  /** The database type; absent if any type will do. */
  readonly type?: string;
}

/** @returns a phrase for each difference that makes requests fail */
export async function schemaDrift(session: Session, catalog: Catalog): Promise<string[]> {
  const columns = await columnDrift(session, [...catalog.entities.values()].flatMap(expectedColumns));
  return [...columns, ...(await keyDrift(session, [...catalog.entities.values()]))];
}

function expectedColumns(entity: Entity): ExpectedColumn[] {
  return [...entity.fields.values()].flatMap((field): ExpectedColumn[] => {
    if (field.kind === 'column') return [{ table: entity.table, column: field.column, type: typeOf(field) }];
    if (field.kind !== 'relation' || field.link.kind !== 'table') return [];
    const { table, near, far } = field.link;
    return [near, far].map(column => ({ table, column }));
  });
}

const typeOf = ({ type, stored }: ColumnField): string => `${stored ?? type.sqlType}${type.list ? '[]' : ''}`;

/** Types of the same category are interchangeable in statements, with the exceptions listed here. */
const columnText = `SELECT DISTINCT w.ref, w."column", to_regclass(w.ref) IS NULL, a.attname IS NULL, format_type(a.atttypid, a.atttypmod), w.type
FROM unnest($1::text[], $2::text[], $3::text[]) AS w(ref, "column", type)
LEFT JOIN pg_attribute a ON a.attrelid = to_regclass(w.ref) AND a.attname = w."column" AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = to_regtype(nullif(w.type, ''))
WHERE a.attname IS NULL OR (w.type <> '' AND (e.oid IS NULL OR t.typcategory <> e.typcategory
  OR (t.typcategory IN ('U', 'E') AND t.oid <> e.oid AND t.typtype <> 'd' AND NOT (t.typname IN ('json', 'jsonb') AND e.typname IN ('json', 'jsonb')))
  OR (t.typname IN ('time', 'timetz')) <> (e.typname IN ('time', 'timetz'))))
ORDER BY 1, 2`;

async function columnDrift(session: Session, expected: readonly ExpectedColumn[]): Promise<string[]> {
  const values = [
    expected.map(({ table }) => quoted(table)),
    expected.map(({ column }) => column),
    expected.map(({ type = '' }) => type),
  ];
  const { rows } = await session.query(columnText, values, { name: 'schema-drift' });
  const phrases = rows.map(([ref, column, noTable, noColumn, found, type]) => {
    const table = `the table ${ref}`;
    if (noTable === 't') return `${table} is missing`;
    if (noColumn === 't') return `the column "${column}" of ${table} is missing`;
    return `the column "${column}" of ${table} is of the type ${found}, not ${type}`;
  });
  return [...new Set(phrases)];
}

const keyText = `SELECT w.ref, w.names FROM unnest($1::text[], $2::text[]) AS w(ref, names)
WHERE to_regclass(w.ref) IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_index i WHERE i.indrelid = to_regclass(w.ref) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
  AND ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts ORDER BY a.attname::text COLLATE "C")
  = ARRAY(SELECT n FROM unnest(w.names::text[]) n ORDER BY n COLLATE "C"))`;

/** Upserts identify rows by a unique index, and PostgreSQL rejects them without one. */
async function keyDrift(session: Session, entities: readonly Entity[]): Promise<string[]> {
  const known = entities.filter(({ naturalKey }) => naturalKey !== undefined);
  const columns = known.map(({ fields, naturalKey = [] }) =>
    naturalKey.map(name => (fields.get(name) as ColumnField).column),
  );
  const values = [known.map(({ table }) => quoted(table)), columns.map(arrayText)];
  const { rows } = await session.query(keyText, values, { name: 'schema-drift-keys' });
  return rows.map(
    ([ref, names]) => `nothing keeps ${names!.replace(/[{}]/g, '')} of the table ${ref} unique`,
  );
}

const arrayText = (names: readonly string[]): string => `{${names.map(quotedItem).join(',')}}`;
const quotedItem = (item: string): string => `"${item.replace(/[\\"]/g, '\\$&')}"`;
const quoted = (table: string): string => `"${table.replaceAll('"', '""')}"`;
