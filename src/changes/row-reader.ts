// Reads the rows that a page of changes is about for one subscription, with one statement for all of them.

import { numberText } from '../base/exact-json.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { EntityQuery, Selection } from '../query/ask/entity-query.ts';
import { and, compare, type Expr, type LiteralValue, literal, or, path } from '../query/ask/expression.ts';
import type { OutputFormat } from '../query/ask/output-format.ts';
import type { Engine } from '../query/engine.ts';
import type { PreparedRead } from '../query/plan/prepared-read.ts';
import type { ChangePage } from './feed.ts';
import { pastCondition } from './past-condition.ts';
import { pastRows } from './past-rows.ts';
import { showKey } from './show-change.ts';
import type { StoredChange } from './stored-change.ts';

/** A row under the names of its selection. */
export type Row = Readonly<Record<string, unknown>>;
/** Rows by the key as it is logged. */
export type Rows = ReadonlyMap<string, Row>;

export interface RowsRequest {
  readonly entity: Entity;
  readonly principal: Principal;
  /** What to read of each row. Absent: nothing. */
  readonly select?: readonly Selection[];
  /** Which rows: evaluated on the row as it is when the event is sent. */
  readonly where?: Expr;
  /** `JSON.parse`, or a parser that keeps more digits. */
  readonly parse: (text: string) => unknown;
  /** Format of the values. Default: GraphQL's. */
  readonly format?: OutputFormat;
}

/** Rows per statement: the largest size that the limits allow for this selection. */
const sizes = [200, 20, 1];

/** Names of the key's values in the answer, in the key's order. No selection can have such a name. */
export const keyName = (index: number): string => `~${index}`;

export class RowReader {
  readonly #engine: Engine;
  readonly #request: RowsRequest;
  readonly #size: number;
  /** Readers with the same name share cached rows. */
  readonly #name: string;

  /** @throws SCOPE_MISSING, LIMIT_EXCEEDED and other errors of `Engine.prepare` */
  constructor(engine: Engine, request: RowsRequest) {
    this.#engine = engine;
    this.#request = request;
    this.#size = this.#largestSize();
    const { principal, select, where } = request;
    this.#name = JSON.stringify([principal.scopeKey, request.format, select, where], plain);
  }

  /** Whether changes of rows that are not found are left out. */
  get isSelective(): boolean {
    return this.#request.where !== undefined;
  }

  /** @param changes of the page, filtered by kind */
  read({ memo }: ChangePage, changes: readonly StoredChange[]): Promise<Rows> {
    const keys = [...new Set(changes.filter(({ kind }) => kind !== 'delete').map(({ key }) => key))];
    const name = `${this.#name} ${keys.join(' ')}`;
    const known = memo.get(name) as Promise<Rows> | undefined;
    const rows = known ?? this.#readAll(keys);
    memo.set(name, rows);
    return rows;
  }

  /**
   * @param changes deletions
   * @returns keys of the rows that met the condition, as far as their last values tell
   */
  readDeleted({ memo }: ChangePage, changes: readonly StoredChange[]): Promise<ReadonlySet<string>> {
    const name = `${this.#name} deleted ${changes.map(({ id }) => id).join(' ')}`;
    const known = memo.get(name) as Promise<ReadonlySet<string>> | undefined;
    const keys = known ?? this.#findDeleted(changes);
    memo.set(name, keys);
    return keys;
  }

  async #findDeleted(changes: readonly StoredChange[]): Promise<Set<string>> {
    const found = new Set<string>();
    // A row that left its row filter still exists, and its change holds only the values that differ.
    const moved = changes.filter(({ new: now }) => now);
    const gone = changes.filter(({ new: now }) => !now);
    for (const { key } of moved) found.add(key);
    for (let start = 0; start < gone.length; start += this.#size) {
      const some = gone.slice(start, start + this.#size);
      for (const key of await this.#matchDeleted(some)) found.add(key);
    }
    return found;
  }

  async #matchDeleted(changes: readonly StoredChange[]): Promise<string[]> {
    const { entity, principal, where, parse } = this.#request;
    const query: EntityQuery = {
      entity: entity.name,
      select: this.#keySelection(),
      sourceRows: pastRows(
        entity,
        changes.map(({ old }) => old ?? {}),
      ),
      where: where && pastCondition(this.#engine.catalog, entity, where),
      take: changes.length,
      cardinality: 'many',
    };
    const { text } = await this.#engine.run(this.#engine.prepare(query, principal, 'strings'));
    const keys = changes.map(({ key }) => key);
    return byLoggedKey(entity, keys, parse(text) as Row[]).map(([key]) => key);
  }

  async #readAll(keys: readonly string[]): Promise<Rows> {
    const rows = new Map<string, Row>();
    const { select, where } = this.#request;
    if (!select && !where) return rows;
    for (let start = 0; start < keys.length; start += this.#size) {
      await this.#readSome(keys.slice(start, start + this.#size), rows);
    }
    return rows;
  }

  async #readSome(keys: readonly string[], rows: Map<string, Row>): Promise<void> {
    const { entity, parse } = this.#request;
    const shown = keys.map(key => showKey(entity, key));
    const { text } = await this.#engine.run(this.#prepare(shown, keys.length));
    for (const [key, row] of byLoggedKey(entity, keys, parse(text) as Row[])) rows.set(key, row);
  }

  #keySelection(): Selection[] {
    return this.#request.entity.key.map((field, index) => ({ kind: 'field', field, as: keyName(index) }));
  }

  #prepare(keys: readonly Row[], take: number): PreparedRead {
    const { entity, principal, select = [], where, format = 'strings' } = this.#request;
    const condition = hasKey(entity, keys);
    const query: EntityQuery = {
      entity: entity.name,
      select: [...this.#keySelection(), ...select],
      where: where ? and([condition, where]) : condition,
      take,
      cardinality: 'many',
    };
    return this.#engine.prepare(query, principal, format);
  }

  #largestSize(): number {
    for (const size of sizes.slice(0, -1)) {
      try {
        this.#prepare([], size);
        return size;
      } catch (error) {
        if ((error as { code?: string }).code !== 'LIMIT_EXCEEDED') throw error;
      }
    }
    this.#prepare([], 1);
    return 1;
  }
}

/** @returns the rows that have one of the keys, each with the key in the log's format */
function byLoggedKey(
  entity: Entity,
  keys: readonly string[],
  rows: readonly Row[],
): [key: string, row: Row][] {
  const logged = new Map(keys.map(key => [signatureOf(Object.values(showKey(entity, key))), key]));
  return rows.flatMap(row => {
    const key = logged.get(signatureOf(entity.key.map((_, index) => row[keyName(index)])));
    return key === undefined ? [] : [[key, row]];
  });
}

/** @param keys values by field */
function hasKey({ key: names }: Entity, keys: readonly Row[]): Expr {
  const value = (key: Row, name: string) => literal(key[name] as LiteralValue);
  const [name = '', ...others] = names;
  if (others.length === 0) return { kind: 'in', item: path([name]), list: keys.map(key => value(key, name)) };
  return or(keys.map(key => and(names.map(field => compare('eq', path([field]), value(key, field))))));
}

/** Whether a big integer is a number or a string in JSON depends on the format. */
const signatureOf = (values: readonly unknown[]): string =>
  JSON.stringify(values.map(value => numberText(value) ?? value));

const plain = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
