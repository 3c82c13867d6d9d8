// What one end of a pipeline gives of each row: columns, and the JSON object that they are written into.

import type { ColumnField, SqlField } from '../catalog/catalog.ts';
import type { BoundEnd, BoundFlowOutput } from './bound-pipeline.ts';
import type { OutputFormat } from './engine.ts';
import type { ObjectShape, RowShape } from './row-shape.ts';
import { type RawKind, rawOutput } from './sql-output.ts';
import { fieldSql } from './sql-statement.ts';

interface OutputColumn {
  readonly sql: string;
  readonly kind: RawKind;
}

export class FlowOutputs {
  readonly shape: ObjectShape;
  readonly #end: BoundEnd;
  readonly #alias: string;
  readonly #format: OutputFormat;
  /** Columns of the statement that stand before these. */
  readonly #before: number;
  readonly #columns: OutputColumn[] = [];

  constructor(end: BoundEnd, alias: string, format: OutputFormat, before: number) {
    this.#end = end;
    this.#alias = alias;
    this.#format = format;
    this.#before = before;
    this.shape = this.#object(end.select);
  }

  /** @returns the SELECT list */
  columns(): string[] {
    return this.#columns.map(({ sql }, index) => `${sql} AS c${index}`);
  }

  /** @returns the same columns as text, in the form in which PostgreSQL sends them */
  texts(): string[] {
    return this.#columns.map(({ sql, kind }) =>
      kind === 'boolean' ? `left((${sql})::text, 1)` : `(${sql})::text`,
    );
  }

  #object(select: readonly BoundFlowOutput[], presentWhere?: ColumnField): ObjectShape {
    const members = select.map(output => ({ as: output.as, shape: this.#member(output) }));
    const presence =
      presentWhere && this.#add({ sql: `nullif(${this.#sql(presentWhere)}, FALSE)`, kind: 'verbatim' });
    return { kind: 'object', members, presence };
  }

  #member(output: BoundFlowOutput): RowShape {
    switch (output.kind) {
      case 'constant':
        return { kind: 'fixed', json: JSON.stringify(output.value) };
      case 'object':
        return this.#object(output.select, output.presentWhere);
      case 'value': {
        const column = rawOutput(output.field.type, this.#sql(output.field), this.#format);
        return { kind: 'column', column: this.#add(column), write: column.kind };
      }
    }
  }

  #sql = (field: ColumnField | SqlField): string => fieldSql(field, this.#end.source.entity, this.#alias);

  #add(column: OutputColumn): number {
    const known = this.#columns.findIndex(({ sql }) => sql === column.sql);
    return this.#before + (known === -1 ? this.#columns.push(column) - 1 : known);
  }
}
