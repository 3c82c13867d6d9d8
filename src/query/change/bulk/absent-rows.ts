// Records whose key a file does not contain: the keys of the file are kept in a temporary table until all are known.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import { sentType } from '../../sql/stored-value.ts';
import { identifier } from '../../sql/text.ts';
import { within } from '../sql/batch.ts';
import { columnArrays, columnOf, transported, unnestColumns } from '../sql/columns.ts';
import type { BulkSession } from './bulk-upsert.ts';

/** Which records are meant, and what happens to the absent ones. Values are in PostgreSQL's text format. */
export interface AbsentTarget {
  readonly entity: Entity;
  /** Names of the fields by which records are known. */
  readonly match: readonly string[];
  /** The field to set; absent: the records are deleted. */
  readonly set?: { readonly field: string; readonly value: string | null };
  /** Only records with these values. */
  readonly where: ReadonlyMap<string, string | null>;
}

const present = '"portolan_present"';

export class AbsentRows {
  readonly #on: BulkSession;
  readonly #target: AbsentTarget;
  readonly #match: readonly ColumnField[];
  #count = 0;

  private constructor(target: AbsentTarget, match: readonly ColumnField[], on: BulkSession) {
    this.#on = on;
    this.#target = target;
    this.#match = match;
  }

  static async open(target: AbsentTarget, on: BulkSession): Promise<AbsentRows> {
    const { entity, match } = target;
    const columns = match.map(name => columnOf(entity, name));
    const names = columns.map(({ column }) => identifier(column)).join(', ');
    await on.session.query(
      `CREATE TEMPORARY TABLE ${present} ON COMMIT DROP AS SELECT ${names} FROM ${identifier(entity.table)} WITH NO DATA`,
    );
    return new AbsentRows(target, columns, on);
  }

  /** @param keys one for each record of the file, in the order of the matched fields */
  async add(keys: readonly ChangeRow[]): Promise<void> {
    this.#count += keys.length;
    const columns = this.#match;
    const names = columns.map((_, place) => identifier(`k${place}`));
    const values = columns.map((column, place) => transported(`r.${names[place]}`, column));
    const text = `INSERT INTO ${present} SELECT ${values.join(', ')} FROM ${unnestColumns(columns)} AS r(${names.join(', ')})`;
    await this.#on.session.query(text, columnArrays(keys, columns.length), { signal: this.#on.signal });
  }

  /** @returns how many records were changed or deleted; none if no key was added at all */
  async apply(): Promise<number> {
    if (this.#count === 0) return 0;
    const { session, signal } = this.#on;
    const { entity, set, where } = this.#target;
    const values: (string | null)[] = [];
    const bound = (column: ColumnField, value: string | null): string => {
      values.push(value);
      return transported(`$${values.length}::${column.type.list ? 'text' : sentType(column)}`, column);
    };
    const table = identifier(entity.table);
    const action = set
      ? `UPDATE ${table} AS t SET ${this.#settings(set, bound)}`
      : `DELETE FROM ${table} AS t`;
    const conditions = [this.#isAbsent(), ...this.#filter(where, bound)];
    if (set) {
      const column = columnOf(entity, set.field);
      conditions.push(`t.${identifier(column.column)} IS DISTINCT FROM ${bound(column, set.value)}`);
    }
    // The keys are many, and no index finds what is not there.
    await session.query(`ANALYZE ${present}; SET LOCAL enable_seqscan = on`);
    const text = `WITH changed AS (${action} WHERE ${conditions.join(' AND ')}${within(entity, ' AND ')} RETURNING 1) SELECT count(*) FROM changed`;
    const { rows } = await session.query(text, values, { signal });
    return Number(rows[0]![0]);
  }

  #isAbsent(): string {
    const same = this.#match.map(({ column }) => `p.${identifier(column)} = t.${identifier(column)}`);
    return `NOT EXISTS (SELECT FROM ${present} AS p WHERE ${same.join(' AND ')})`;
  }

  #filter(where: AbsentTarget['where'], bound: (column: ColumnField, value: string) => string): string[] {
    return [...where].map(([name, value]) => {
      const column = columnOf(this.#target.entity, name);
      const field = `t.${identifier(column.column)}`;
      return value === null ? `${field} IS NULL` : `${field} = ${bound(column, value)}`;
    });
  }

  #settings(
    { field, value }: NonNullable<AbsentTarget['set']>,
    bound: (column: ColumnField, value: string | null) => string,
  ): string {
    const column = columnOf(this.#target.entity, field);
    const own = `${identifier(column.column)} = ${bound(column, value)}`;
    const times = [...this.#target.entity.fields.values()].flatMap(other =>
      other.kind === 'column' && other.updatedAt && other !== column
        ? `${identifier(other.column)} = now()`
        : [],
    );
    return [own, ...times].join(', ');
  }
}
