// A connection to related rows -> an SQL expression that returns it as JSON text for each parent, in the same statement.

import type { PageInfoKind } from '../ask/entity-query.ts';
import type { BoundConnectionMember, BoundQuery, BoundSelection } from '../bound/query.ts';
import { isPlain, type ListLimit } from '../check/cost/row-budget.ts';
import { conditionSql } from '../sql/expression.ts';
import { type Beyond, keySql, keyText, type Seek, seekSql } from '../sql/keyset.ts';
import { orderSql } from '../sql/page.ts';
import type { Splices } from '../sql/splice.ts';
import type { Frame, Statement } from '../sql/statement.ts';
import { constant } from '../sql/text.ts';
import { type BoundedRows, boundedRows } from './bounded-rows.ts';
import { needsRows } from './connection.ts';

interface NestedDeps {
  readonly statement: Statement;
  readonly splices: Splices;
  /** The related rows. */
  readonly frame: Frame;
  readonly related: { readonly from: string; readonly where: readonly string[] };
  /** @returns a JSON object of what is selected of a row */
  readonly object: (select: readonly BoundSelection[], path: string, rows: Frame) => string;
  readonly outputPath: string;
  readonly limit: ListLimit;
}

/** @returns an expression of type text: a JSON object */
export const nestedConnection = (query: BoundQuery, parts: NestedDeps): string =>
  new NestedConnection(query, parts).sql();

class NestedConnection {
  readonly #query: BoundQuery;
  readonly #parts: NestedDeps;
  readonly #conditions: readonly string[];
  /** FROM and WHERE of all rows, whatever the page. */
  readonly #all: string;
  readonly #seek: Seek;
  /** The page's rows, if they are limited to a share. */
  readonly #bounded?: BoundedRows;
  /** SQL of the current row's cursor. */
  readonly #cursor: () => string;
  /** SQL of the page's columns, by name. */
  readonly #columns = new Map<string, string>();
  #cutReported = false;

  constructor(query: BoundQuery, parts: NestedDeps) {
    const { statement, splices, related } = parts;
    this.#query = query;
    this.#parts = parts;
    const filter = query.where ? [conditionSql(statement, query.where)] : [];
    this.#conditions = [...related.where, ...filter];
    this.#all = this.#from(this.#conditions);
    const terms = needsRows(query) ? query.orderBy : [];
    const keys = terms.map(term => ({ term, sql: keySql(statement, term.by) }));
    this.#seek = keys.length > 0 ? seekSql(statement, keys, query.page) : { keys, conditions: [] };
    this.#bounded = needsRows(query) && !isPlain(parts.limit) ? this.#boundedRows() : undefined;
    if (!this.#bounded) parts.frame.share = parts.limit.below;
    const keysOfRow = this.#bounded?.keys ?? keys;
    const texts = `json_build_array(${keysOfRow.map(key => keyText(key.sql)).join(', ')})::text`;
    this.#cursor = once(() => splices.cursorSql(query.page!.order, texts));
  }

  sql(): string {
    const object = objectSql(this.#query.connection!.map(member => [member.as, this.#member(member)]));
    if (!needsRows(this.#query)) return `(${object})`;
    const columns = [...this.#columns].map(([name, sql]) => `${sql} AS ${name}`).join(', ') || '1 AS j';
    const page = this.#bounded ? this.#sharedPage(columns, this.#bounded) : this.#plainPage(columns);
    // HAVING aggregates all rows into one even if the object contains no aggregate.
    return `(SELECT ${object} FROM (SELECT r.*, row_number() OVER () AS n FROM (${page}) r) l HAVING TRUE)`;
  }

  #plainPage(columns: string): string {
    const rows = `SELECT ${columns} FROM ${this.#pageRows()}`;
    return `${rows}${orderSql(this.#seek.keys)} LIMIT ${this.#query.take + 1}`;
  }

  #sharedPage(columns: string, { from, frame, keys }: BoundedRows): string {
    return `SELECT ${columns} FROM ${from}${frame.joins}${orderSql(keys)}`;
  }

  #pageRows(): string {
    return this.#from([...this.#conditions, ...this.#seek.conditions]);
  }

  #boundedRows(): BoundedRows {
    const { statement, frame, limit } = this.#parts;
    const { entity } = this.#query.source;
    const list = {
      entity,
      alias: frame.alias,
      from: this.#pageRows(),
      keys: this.#seek.keys,
      extra: 1,
    };
    return boundedRows(statement, list, limit);
  }

  #object(select: readonly BoundSelection[], path: string): string {
    return this.#parts.object(select, path, this.#bounded?.frame ?? this.#parts.frame);
  }

  #from(conditions: readonly string[]): string {
    const { related, frame } = this.#parts;
    return `${related.from}${frame.joins} WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')}`;
  }

  #member(member: BoundConnectionMember): string {
    const path = `${this.#parts.outputPath}.${member.as}`;
    switch (member.kind) {
      case 'constant':
        return constant(JSON.stringify(member.value));
      case 'total':
        return `(SELECT count(*) FROM ${this.#all})::text`;
      case 'nodes':
        return this.#list(this.#object(member.select, path));
      case 'edges':
        return this.#list(this.#edge(member, path));
      case 'pageInfo':
        return objectSql(
          member.info.map(part => [
            part.as,
            part.kind === 'constant' ? constant(JSON.stringify(part.value)) : this.#info(part.kind),
          ]),
        );
    }
  }

  #edge({ edge }: BoundConnectionMember & { kind: 'edges' }, path: string): string {
    return objectSql(
      edge.map(part => {
        if (part.kind === 'constant') return [part.as, constant(JSON.stringify(part.value))];
        if (part.kind === 'cursor') return [part.as, this.#cursor()];
        return [part.as, this.#object(part.select, `${path}.${part.as}`)];
      }),
    );
  }

  /** @param object of one row @returns the page's rows, in the order of the list */
  #list(object: string): string {
    const column = this.#column(object);
    const order = `ORDER BY l.n${this.#query.page!.backward ? ' DESC' : ''}`;
    const objects = `coalesce(string_agg(l.${column}, ',' ${order}) ${this.#withinLimit}, '')`;
    return `'[' || ${objects}${this.#cut()} || ']'`;
  }

  /** The statement reads one row more than it returns. */
  get #withinLimit(): string {
    return `FILTER (WHERE l.n <= ${this.#parts.limit.sql})`;
  }

  /** Only the first list reports that the default page size cut it. */
  #cut(): string {
    if (!this.#query.takeIsDefault || this.#cutReported) return '';
    this.#cutReported = true;
    const { splices, outputPath, limit } = this.#parts;
    return ` || CASE WHEN count(*) > ${limit.sql} THEN ${splices.cutSql(outputPath)} ELSE '' END`;
  }

  #column(sql: string): string {
    const name = `j${this.#columns.size}`;
    this.#columns.set(name, sql);
    return name;
  }

  #info(kind: PageInfoKind): string {
    const { backward } = this.#query.page!;
    const { upToAfter, fromBefore } = this.#seek;
    switch (kind) {
      case 'hasNextPage':
        return this.#isThere(!backward, fromBefore);
      case 'hasPreviousPage':
        return this.#isThere(backward, upToAfter);
      case 'startCursor':
        return this.#cursorOf(!backward);
      case 'endCursor':
        return this.#cursorOf(backward);
    }
  }

  /** @param more whether the extra row is on this side @param bound the rows beyond the cursor on this side */
  #isThere(more: boolean, bound: Beyond | undefined): string {
    const reasons = more ? [`count(*) > ${this.#parts.limit.sql}`] : [];
    if (bound) reasons.push(`EXISTS (SELECT FROM ${this.#from([...this.#conditions, bound.condition])})`);
    return reasons.length ? `(${reasons.join(' OR ')})::text` : `'false'`;
  }

  #cursorOf(first: boolean): string {
    const known = [...this.#columns].find(([, sql]) => sql === this.#cursor());
    const column = known?.[0] ?? this.#column(this.#cursor());
    const place = first ? '1' : `least(count(*), ${this.#parts.limit.sql})`;
    return `coalesce((array_agg(l.${column} ORDER BY l.n) ${this.#withinLimit})[${place}], 'null')`;
  }
}

/** @returns a JSON object as text @param members names with expressions of type text */
function objectSql(members: readonly (readonly [as: string, sql: string])[]): string {
  if (members.length === 0) return `'{}'`;
  const pieces = members.map(
    ([as, sql], index) => `${constant(`${index ? ',' : '{'}${JSON.stringify(as)}:`)} || ${sql}`,
  );
  return `${pieces.join(' || ')} || '}'`;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
