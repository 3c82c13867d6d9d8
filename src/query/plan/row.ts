// The columns of one row of a page: raw text, with nested lists built as JSON text by the database.

import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import { typeOf } from '../bound/expression.ts';
import type { BoundQuery, BoundSelection } from '../bound/query.ts';
import { valueSql } from '../sql/expression.ts';
import { isOdata, type RawKind, rawOutput } from '../sql/output.ts';
import type { Splices } from '../sql/splice.ts';
import { type Frame, presenceSql, type Statement, versionSql } from '../sql/statement.ts';
import { columnOf, functionOutput, nestedList } from './nested.ts';
import { relatedAggregate } from './related-aggregate.ts';
import type { ObjectShape, RowShape } from './row-shape.ts';

export class RowOutput {
  readonly #statement: Statement;
  readonly #splices: Splices;
  readonly #frame: Frame;
  readonly #format: OutputFormat;
  readonly #expressions: string[] = [];
  readonly #known = new Map<string, number>();
  /** The number of columns before the row's own. */
  readonly #before: number;

  /** @param head the number of columns before the page's; if any, the page begins with a column that is null only if there is no row */
  constructor(statement: Statement, splices: Splices, frame: Frame, format: OutputFormat, head: number) {
    this.#statement = statement;
    this.#splices = splices;
    this.#frame = frame;
    this.#format = format;
    this.#before = head > 0 ? head + 1 : 0;
  }

  /** @param outputPath path of the row in the answer @returns how the selection of a query is written */
  shapeOf(query: BoundQuery, outputPath = ''): ObjectShape {
    return this.#object(query, this.#frame, [], outputPath);
  }

  /** @returns the index of a column in the statement's rows */
  column(sql: string): number {
    return this.#column(sql, 'verbatim').column;
  }

  /** @returns the SELECT list */
  columns(): string {
    const named = this.#expressions.map((sql, index) => `${sql} AS c${index}`);
    if (this.#before > 0) named.unshift('TRUE AS m');
    return named.length ? named.join(', ') : '1 AS c0';
  }

  #object(query: BoundQuery, root: Frame, path: readonly RelationField[], outputPath: string): ObjectShape {
    const alias = root.join(path);
    this.#statement.place(query.source, root.below(path));
    const members = query.select.map(selection => ({
      as: selection.as,
      shape: this.#member(selection, query.source.entity, root, path, alias, outputPath),
    }));
    const presence = path.length
      ? this.#column(presenceSql(query.source.entity, alias), 'verbatim').column
      : undefined;
    return { kind: 'object', members, presence };
  }

  #member(
    selection: BoundSelection,
    entity: Entity,
    root: Frame,
    path: readonly RelationField[],
    alias: string,
    outputPath: string,
  ): RowShape {
    const inner = outputPath ? `${outputPath}.${selection.as}` : selection.as;
    switch (selection.kind) {
      case 'constant':
        return { kind: 'fixed', json: JSON.stringify(selection.value) };
      case 'column': {
        const { type, sql } = columnOf(selection.field, entity, alias);
        const output = rawOutput(type, sql, this.#format);
        return this.#column(output.sql, output.kind);
      }
      case 'function':
        return this.#column(functionOutput(this.#splices, selection.field, entity, alias), 'verbatim');
      case 'value': {
        const output = rawOutput(
          typeOf(selection.value),
          valueSql(this.#statement, selection.value),
          this.#format,
        );
        return this.#column(output.sql, output.kind);
      }
      case 'version':
        return this.#column(versionSql(alias), isOdata(this.#format) ? 'entityTag' : 'quoted');
      case 'count':
        return this.#column(valueSql(this.#statement, selection.count), 'verbatim');
      case 'aggregate':
        return this.#column(relatedAggregate(this.#statement, this.#format, selection, alias), 'verbatim');
      case 'relation':
        return selection.relation.list
          ? this.#column(
              nestedList(this.#context, selection, { alias, entity, share: root.share! }, inner),
              'verbatim',
            )
          : this.#object(selection.query, root, [...path, selection.relation], inner);
    }
  }

  get #context() {
    return { statement: this.#statement, splices: this.#splices, format: this.#format };
  }

  #column(sql: string, write: RawKind): RowShape & { kind: 'column' } {
    let index = this.#known.get(sql);
    if (index === undefined) {
      index = this.#expressions.push(sql) - 1;
      this.#known.set(sql, index);
    }
    return { kind: 'column', column: index + this.#before, write };
  }
}
