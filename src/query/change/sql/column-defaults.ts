import type { Session } from '../../../base/database/database.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import { identifier } from '../../sql/text.ts';
import type { DefaultExpressions } from './batch.ts';
import { columnOf } from './columns.ts';

/** INSERT … SELECT cannot say DEFAULT, so the expression is read from PostgreSQL's catalog. */
const statement = `SELECT a.attname, pg_get_expr(d.adbin, d.adrelid)
FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid = $1::regclass AND a.attgenerated = ''`;

const known = new WeakMap<Entity, ReadonlyMap<string, string>>();

/** @returns SQL of the fields' defaults, where they have one. Read once per entity: migrations run only at startup. */
async function columnDefaults(
  session: Session,
  entity: Entity,
  fields: readonly string[],
): Promise<DefaultExpressions> {
  const byColumn = known.get(entity) ?? (await readDefaults(session, entity));
  const found = fields.map(name => [name, byColumn.get(columnOf(entity, name).column)] as const);
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

async function readDefaults(session: Session, entity: Entity): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.query(statement, [identifier(entity.table)]);
  const defaults = new Map(rows.map(([column, expression]) => [column!, expression!]));
  known.set(entity, defaults);
  return defaults;
}

/** @returns the defaults that an upsert's statement must contain: those that null stands for, and those of serial keys */
export async function neededDefaults(
  session: Session,
  entity: Entity,
  { mode, fields, defaulted = [] }: EntityUpsert,
): Promise<DefaultExpressions> {
  const upsert = mode === undefined || mode === 'upsert';
  const keys = upsert ? entity.key.filter(name => !fields.includes(name)) : [];
  if (defaulted.length === 0 && keys.length === 0) return new Map();
  const found = await columnDefaults(session, entity, [...defaulted, ...keys]);
  return new Map([...found].filter(([name, sql]) => !keys.includes(name) || sql.startsWith('nextval(')));
}
