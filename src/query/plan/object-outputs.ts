// The columns that a selection needs in a statement, and the JSON object that is written from them.

import type { ValueType } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundOutput } from '../bound/aggregate.ts';
import { type RawKind, rawOutput } from '../sql/output.ts';
import type { ObjectShape, RowShape } from './row-shape.ts';

export interface OutputOptions<Column> {
  /** @returns the SQL of a column of the row */
  readonly sql: (column: Column) => string;
  readonly format: OutputFormat;
  /** The number of columns before these in the statement. */
  readonly before?: number;
}

interface OutputColumn {
  readonly sql: string;
  readonly kind: RawKind;
}

export class ObjectOutputs<Column extends { readonly type: ValueType }> {
  readonly shape: ObjectShape;
  readonly #options: OutputOptions<Column>;
  readonly #columns: OutputColumn[] = [];

  constructor(select: readonly BoundOutput<Column>[], options: OutputOptions<Column>) {
    this.#options = options;
    this.shape = this.#object(select);
  }

  /** The SELECT list. */
  get columns(): string {
    return this.#columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ') || '1 AS c0';
  }

  /** The same columns as text, in the form in which PostgreSQL sends them. */
  get texts(): string[] {
    return this.#columns.map(({ sql, kind }) =>
      kind === 'boolean' ? `left((${sql})::text, 1)` : `(${sql})::text`,
    );
  }

  #object(select: readonly BoundOutput<Column>[], presentWhere?: Column): ObjectShape {
    const members = select.map(output => ({ as: output.as, shape: this.#member(output) }));
    const { sql } = this.#options;
    const presence =
      presentWhere && this.#add({ sql: `nullif(${sql(presentWhere)}, FALSE)`, kind: 'verbatim' });
    return { kind: 'object', members, presence };
  }

  #member(output: BoundOutput<Column>): RowShape {
    switch (output.kind) {
      case 'constant':
        return { kind: 'fixed', json: JSON.stringify(output.value) };
      case 'object':
        return this.#object(output.select, output.presentWhere);
      case 'value': {
        const { sql, format } = this.#options;
        const column = rawOutput(output.column.type, sql(output.column), format);
        return { kind: 'column', column: this.#add(column), write: column.kind };
      }
    }
  }

  #add(column: OutputColumn): number {
    const known = this.#columns.findIndex(({ sql }) => sql === column.sql);
    return (this.#options.before ?? 0) + (known === -1 ? this.#columns.push(column) - 1 : known);
  }
}
