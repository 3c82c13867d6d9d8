// Reads from PostgreSQL's catalog what a constraint or unique index covers: errors contain only its name.

import type { Session } from '../../../base/database/database.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import { identifier } from '../../sql/text.ts';

export interface Constraint {
  /** Columns in the database, in the constraint's order. */
  readonly columns: readonly string[];
  /** Whether it covers only columns, with no expression and no condition. */
  readonly plain: boolean;
  /** The table that a foreign key references, quoted, and its columns. */
  readonly foreignTable?: string;
  readonly foreignColumns: readonly string[];
}

const namesOf = (table: string, numbers: string): string =>
  `ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number ORDER BY k.place)`;

const constraintStatement = `SELECT json_build_object('columns', ${namesOf('c.conrelid', 'c.conkey')}, 'plain', true,
  'foreignTable', nullif(c.confrelid, 0)::regclass::text, 'foreignColumns', ${namesOf('c.confrelid', 'c.confkey')})::text
FROM pg_constraint c WHERE c.conrelid = $1::regclass AND c.conname = $2`;

const indexStatement = `SELECT json_build_object('columns', ${namesOf('i.indrelid', 'i.indkey::int2[]')},
  'plain', i.indpred IS NULL AND i.indexprs IS NULL, 'foreignColumns', '{}'::text[])::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass AND c.relname = $2`;

/** @returns a constraint of the entity's table, or undefined if there is none of that name */
export async function readConstraint(
  session: Session,
  entity: Entity,
  name: string,
  kind: 'constraint' | 'index',
): Promise<Constraint | undefined> {
  const statement = kind === 'index' ? indexStatement : constraintStatement;
  const { rows } = await session.query(statement, [identifier(entity.table), name]);
  const text = rows[0]?.[0];
  return text ? (JSON.parse(text) as Constraint) : undefined;
}
