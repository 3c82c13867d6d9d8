// A query as `pg` runs it, but leaner: rows stay the arrays of texts that the protocol's parser makes, and the
// description of columns, which is not needed here, is not requested.

import type { Connection, Submittable } from 'pg';
import { noteStatement } from './changed-schema.ts';
import type { Column, DescribedRows, Parameter, RawResult, RawRow } from './database.ts';

/** @param tag the command tag, such as `INSERT 0 1` or `ROLLBACK` */
export type QueryDone = (error: Error | undefined, result: RawResult, tag: string) => void;

interface RawStatement {
  readonly text: string;
  readonly values: readonly Parameter[];
  readonly described?: boolean;
}

/**
 * To be given to `client.query`. A text without values and name may hold several statements: the last one's rows count.
 * `done` is called once.
 */
export class RawQuery implements Submittable {
  readonly text: string;
  /** Part of what pg's client expects of a query, as are the handlers below. */
  readonly name: string | undefined;
  callback: QueryDone;
  private readonly values: readonly Parameter[];
  private readonly sets: DescribedRows[] | undefined;
  private columns: readonly Column[] = [];
  private rows: RawRow[] = [];
  private result: RawResult = { rows: [], rowCount: 0 };
  private tag = '';

  constructor({ text, values, described }: RawStatement, name: string | undefined, done: QueryDone) {
    this.text = text;
    this.values = values;
    this.name = name;
    this.sets = described ? [] : undefined;
    this.callback = done;
  }

  /** Per the extended query protocol: Parse (unless prepared already), Bind, Execute, Sync, in one write. */
  submit(connection: Connection): Error | null {
    const wire = connection as Wire;
    if (this.values.length === 0 && this.name === undefined) {
      wire.query(this.text);
      return null;
    }
    const prepared = this.name === undefined ? undefined : wire.parsedStatements[this.name];
    if (prepared !== undefined && prepared !== this.text) {
      return new Error(`The statement name ${this.name} stands for another text already`);
    }
    let values: (string | Buffer | null)[];
    try {
      values = this.values.map(toWireValue);
    } catch (error) {
      return error as Error;
    }
    wire.stream.cork();
    if (prepared === undefined) wire.parse({ name: this.name ?? '', text: this.text });
    wire.bind({ statement: this.name, values });
    if (this.sets) wire.describe({ type: 'P', name: '' });
    wire.execute();
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    if (this.sets) this.columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
  }

  handleParseComplete(): void {}
  handleEmptyQuery(): void {}

  handleDataRow(message: { fields: RawRow }): void {
    this.rows.push(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    this.tag = message.text;
    const count = Number(this.tag.slice(this.tag.lastIndexOf(' ') + 1));
    this.sets?.push({ columns: this.columns, rows: this.rows });
    this.result = { rows: this.rows, rowCount: Number.isNaN(count) ? 0 : count, sets: this.sets };
    this.columns = [];
    this.rows = [];
  }

  handleReadyForQuery(): void {
    this.callback(undefined, this.result, this.tag);
  }

  handleError(error: Error): void {
    noteStatement(error, this.text);
    const done = this.callback;
    this.callback = () => {};
    done(error, this.result, this.tag);
  }

  handleCopyInResponse(connection: Connection): void {
    (connection as Wire).sendCopyFail('COPY FROM STDIN has no source here');
  }

  handleCopyData(): void {}
  handlePortalSuspended(): void {}
}

/** What `pg`'s connection offers and its published types leave out. */
interface Wire extends Omit<Connection, 'parse' | 'bind' | 'describe' | 'execute'> {
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string | undefined; values: (string | Buffer | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(): void;
  sendCopyFail(message: string): void;
}

/** Texts go as text, buffers as they are (binary `bytea`). */
function toWireValue(value: Parameter): string | Buffer | null {
  if (typeof value === 'string' || value === null || Buffer.isBuffer(value)) return value;
  return Array.isArray(value) ? toArrayText(value) : String(value);
}

/** PostgreSQL's array literal: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function toArrayText(items: readonly Parameter[]): string {
  return `{${items.map(toItemText).join(',')}}`;
}

function toItemText(item: Parameter): string {
  if (item === null) return 'NULL';
  if (Array.isArray(item)) return toArrayText(item);
  if (Buffer.isBuffer(item)) return `"\\\\x${item.toString('hex')}"`;
  return typeof item === 'string' ? `"${item.replace(/[\\"]/g, '\\$&')}"` : String(item);
}
