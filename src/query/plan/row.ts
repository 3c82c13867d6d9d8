// The columns of one row of a page: raw text, with nested lists built as JSON text by the database.

import type { ValueType } from '../../catalog/catalog.ts';
import type { BoundQuery } from '../bound/query.ts';
import { isOdata, type RawKind, rawOutput } from '../sql/output.ts';
import { type Frame, presenceSql } from '../sql/statement.ts';
import {
  type Emitter,
  emitMembers,
  type Near,
  type PlanContext,
  type RelationSelection,
  type RowPlace,
} from './emit-selection.ts';
import { nestedList } from './nested.ts';
import type { ObjectShape, RowShape } from './row-shape.ts';

export class RowOutput implements Emitter<RowShape> {
  readonly context: PlanContext;
  readonly #frame: Frame;
  readonly #expressions: string[] = [];
  readonly #known = new Map<string, number>();
  /** The number of columns before the row's own. */
  readonly #before: number;

  /** @param head the number of columns before the page's; if any, the page begins with a column that is null only if there is no row */
  constructor(context: PlanContext, frame: Frame, head: number) {
    this.context = context;
    this.#frame = frame;
    this.#before = head > 0 ? head + 1 : 0;
  }

  /** @param outputPath path of the row in the answer @returns how the selection of a query is written */
  shapeOf(query: BoundQuery, outputPath = ''): ObjectShape {
    return this.record(query, { root: this.#frame, path: [], outputPath });
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

  fixed(json: string): RowShape {
    return { kind: 'fixed', json };
  }

  value(type: ValueType, expression: string): RowShape {
    const { sql, kind } = rawOutput(type, expression, this.context.format);
    return this.#column(sql, kind);
  }

  json(sql: string): RowShape {
    return this.#column(sql, 'verbatim');
  }

  count(sql: string): RowShape {
    return this.#column(sql, 'verbatim');
  }

  version(sql: string): RowShape {
    return this.#column(sql, isOdata(this.context.format) ? 'entityTag' : 'quoted');
  }

  list(selection: RelationSelection, near: Near, outputPath: string): RowShape {
    return this.#column(nestedList(this.context, selection, near, outputPath), 'verbatim');
  }

  record(query: BoundQuery, place: RowPlace): ObjectShape {
    const members = emitMembers(this, query, place).map(({ as, output }) => ({ as, shape: output }));
    const { root, path } = place;
    const presence = path.length
      ? this.#column(presenceSql(query.source.entity, root.join(path)), 'verbatim').column
      : undefined;
    return { kind: 'object', members, presence };
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
