// Loads table statistics from the system catalogs that ANALYZE fills.

import type { Session } from '../../base/database/database.ts';
import type { Catalog, Link } from '../../catalog/catalog.ts';
import { identifier } from '../sql/text.ts';
import type { ColumnFigures, TableFigures } from './statistics.ts';

/** The tables, and the foreign-key columns by which their rows are related. */
export interface StatisticsSources {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
}

export function statisticsSources({ entities }: Catalog): StatisticsSources {
  const tables = new Set<string>();
  const columns = new Set<string>();
  for (const entity of entities.values()) {
    tables.add(entity.table);
    for (const field of entity.fields.values()) {
      if (field.kind === 'relation' && field.list) addLink(field.link, tables, columns);
    }
  }
  return { tables: [...tables], columns: [...columns] };
}

function addLink(link: Link, tables: Set<string>, columns: Set<string>): void {
  if (link.kind === 'columns') {
    for (const column of link.foreign) columns.add(column);
    return;
  }
  tables.add(link.table);
  columns.add(link.near);
}

/** Rows per block when the table was last analyzed, times its current blocks. Null if it was never analyzed. */
const rowsSql = `CASE
  WHEN c.reltuples < 0 OR (c.relpages = 0 AND pg_relation_size(c.oid) > 0) THEN NULL
  WHEN c.relpages = 0 THEN 0
  ELSE c.reltuples / c.relpages * (pg_relation_size(c.oid) / current_setting('block_size')::integer)
END`;

const figuresSql = `SELECT c.relname, (${rowsSql})::float8, s.attname, s.n_distinct, s.null_frac, array_to_json(s.most_common_freqs)
FROM unnest($1::text[]) AS w(name)
JOIN pg_class c ON c.oid = to_regclass(w.name)
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = ANY($2::text[])
ORDER BY c.relname, s.attname`;

/** @returns figures by table name, for tables that have any */
export async function loadStatistics(
  session: Session,
  { tables, columns }: StatisticsSources,
): Promise<Map<string, TableFigures>> {
  const { rows } = await session.query(figuresSql, [tables.map(identifier), columns]);
  const figures = new Map<string, { rows: number; columns: Map<string, ColumnFigures> }>();
  for (const [table, count, column, distinct, missing, common] of rows) {
    if (count === null || count === undefined) continue;
    const total = Number(count);
    const known = figures.get(table!) ?? { rows: rounded(total), columns: new Map() };
    figures.set(table!, known);
    if (column === null || column === undefined) continue;
    const frequencies = common ? (JSON.parse(common) as number[]) : [];
    known.columns.set(column, columnFigures(total, Number(distinct), Number(missing), frequencies));
  }
  return figures;
}

/**
 * @param distinct as in pg_stats: a negative number is a fraction of the rows
 * @param frequencies fractions of the rows that have the most common values
 */
function columnFigures(
  rows: number,
  distinct: number,
  missing: number,
  frequencies: readonly number[],
): ColumnFigures {
  const present = rows * (1 - missing);
  const values = Math.max(1, distinct < 0 ? -distinct * rows : distinct);
  const common = frequencies.reduce((sum, share) => sum + share, 0);
  const others = Math.max(0, values - frequencies.length);
  const eachOther = others > 0 ? Math.max(0, 1 - missing - common) / others : 0;
  const squares = frequencies.reduce((sum, share) => sum + share * share, others * eachOther * eachOther);
  const biased = present > 0 ? (squares * rows * rows) / present : 0;
  return {
    distinct: rounded(values),
    present: rounded(present),
    biased: rounded(Math.max(1, biased)),
    max: rounded(Math.max(1, rows * Math.max(eachOther, ...frequencies))),
  };
}

/** Rounds up in steps of about a fifth, so that decisions do not change each time the same data is analyzed. */
const rounded = (figure: number): number =>
  figure < 1 ? Math.ceil(figure) : Math.ceil(2 ** (Math.ceil(Math.log2(figure) * 4 - 1e-9) / 4));
