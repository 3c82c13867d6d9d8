// Generates the trigger functions of join tables: creating or deleting a link changes both of its ends, under the names of
// their relations.

import type { Catalog, ColumnField, Entity, RelationField } from '../catalog/catalog.ts';
import { constant, identifier } from '../query/sql/text.ts';
import { logRows, type TableLog, tableLog, withinFilter } from './log-function.ts';
import { loggedKey } from './log-values.ts';

/** One end of the links of a join table. */
interface End {
  readonly entity: Entity;
  readonly relation: RelationField;
  readonly link: Extract<RelationField['link'], { kind: 'table' }>;
}

/** @returns the logs of all join tables between exposed entities */
export function linkLogs(catalog: Catalog): TableLog[] {
  const ends = [...catalog.entities.values()].flatMap(endsOf);
  const tables = Map.groupBy(ends, end => end.link.table);
  return [...tables].map(([table, both]) =>
    tableLog(table, {
      INSERT: both.map(end => logLinks(end, 'news', 'made')).join('\n  '),
      UPDATE: both
        .flatMap(end => [
          logLinks(end, '(SELECT * FROM olds EXCEPT ALL SELECT * FROM news)', 'dissolved'),
          logLinks(end, '(SELECT * FROM news EXCEPT ALL SELECT * FROM olds)', 'made'),
        ])
        .join('\n  '),
      DELETE: both.map(end => logLinks(end, 'olds', 'dissolved')).join('\n  '),
      TRUNCATE: `IF to_regclass(${constant(identifier(table))}) = TG_RELID THEN
  ${both.map(end => logLinks(end, identifier(table), 'dissolved')).join('\n  ')}
END IF;`,
    }),
  );
}

/** @returns the names of the join tables that hold an entity's links */
export const linkTables = (entity: Entity): string[] => endsOf(entity).map(({ link }) => link.table);

const endsOf = (entity: Entity): End[] =>
  [...entity.fields.values()].flatMap(relation =>
    relation.kind === 'relation' && relation.link.kind === 'table'
      ? [{ entity, relation, link: relation.link }]
      : [],
  );

/**
 * The linked records are locked as by an update, in the order of their keys: two transactions must not assign the same
 * position to one record. Records that the transaction deleted are skipped, and so are those whose table, or linked column,
 * was dropped: a trigger that failed would stop every program.
 */
function logLinks({ entity, relation, link }: End, source: string, way: 'made' | 'dissolved'): string {
  const [near, far, local] = [link.near, link.far, link.local].map(identifier);
  const key = [...entity.fields.values()].find(
    (field): field is ColumnField => field.kind === 'column' && field.column === link.local,
  )!;
  const value = (present: boolean) =>
    `jsonb_build_object(${constant(relation.name)}, ${present ? 'l.far' : `'[]'`})`;
  const rows = `SELECT ${loggedKey([key], 'e.')} AS key, 'update'::"portolan"."ChangeKind" AS kind,
    CASE WHEN ${withinFilter(entity, 'e')} THEN 'update'::"portolan"."ChangeKind" END AS shown,
    ${value(way === 'dissolved')} AS old, ${value(way === 'made')} AS new
  FROM (SELECT s.${near} AS near, array_to_json(array_agg(s.${far}::text ORDER BY s.${far}))::text AS far FROM ${source} s GROUP BY 1) l
  JOIN ${identifier(entity.table)} e ON e.${local} = l.near`;
  const isThere = `EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(${constant(identifier(entity.table))})
  AND a.attname = ${constant(link.local)} AND NOT a.attisdropped)`;
  return `IF ${isThere} THEN PERFORM 1 FROM ${identifier(entity.table)} e WHERE e.${local} IN (SELECT s.${near} FROM ${source} s)
  ORDER BY e.${local} FOR NO KEY UPDATE;
  ${logRows({ entity, source: rows })}
END IF;`;
}
