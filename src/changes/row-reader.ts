// The rows that a page of changes is about, as one subscription wants them: one statement for all of them.

import type { Principal } from '../auth/principal.ts';
import { numberText } from '../base/exact-json.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { Engine, OutputFormat, PreparedRead } from '../query/engine.ts';
import type { EntityQuery, Selection } from '../query/entity-query.ts';
import { and, compare, type Expr, type LiteralValue, literal, or, path } from '../query/expression.ts';
import type { ChangePage } from './feed.ts';
import { showKey } from './show-change.ts';
import type { StoredChange } from './stored-change.ts';

/** A row under the names of its selection. */
export type Row = Readonly<Record<string, unknown>>;
/** Rows by the key as it is logged. */
export type Rows = ReadonlyMap<string, Row>;

export interface WantedRows {
  readonly entity: Entity;
  readonly principal: Principal;
  /** What to read of each row; absent where nobody wants it. */
  readonly select?: readonly Selection[];
  /** Which rows: asked of the row as it is when the change is told. */
  readonly where?: Expr;
  /** `JSON.parse`, or what keeps more digits. */
  readonly parse: (text: string) => unknown;
  /** Of the values. Default: as GraphQL writes them. */
  readonly format?: OutputFormat;
}

/** Rows of one statement: the most that the limits allow for this selection. */
const sizes = [200, 20, 1];

/** Names in the answer that no name of a selection can be: values of the key, in its order. */
export const keyName = (index: number): string => `~${index}`;

export class RowReader {
  readonly #engine: Engine;
  readonly #wanted: WantedRows;
  readonly #size: number;
  /** Readers of the same name read the same. */
  readonly #name: string;

  /** @throws SCOPE_MISSING, LIMIT_EXCEEDED and whatever else `Engine.prepare` throws */
  constructor(engine: Engine, wanted: WantedRows) {
    this.#engine = engine;
    this.#wanted = wanted;
    this.#size = this.#largestSize();
    const { principal, select, where } = wanted;
    this.#name = JSON.stringify([principal.scopeKey, wanted.format, select, where], plain);
  }

  /** Whether rows that are not found are not to be told of. */
  get isSelective(): boolean {
    return this.#wanted.where !== undefined;
  }

  /** @param changes those of the page that are wanted */
  read({ memo }: ChangePage, changes: readonly StoredChange[]): Promise<Rows> {
    const keys = [...new Set(changes.filter(({ kind }) => kind !== 'delete').map(({ key }) => key))];
    const name = `${this.#name} ${keys.join(' ')}`;
    const known = memo.get(name) as Promise<Rows> | undefined;
    const rows = known ?? this.#readAll(keys);
    memo.set(name, rows);
    return rows;
  }

  async #readAll(keys: readonly string[]): Promise<Rows> {
    const rows = new Map<string, Row>();
    const { select, where } = this.#wanted;
    if (!select && !where) return rows;
    for (let start = 0; start < keys.length; start += this.#size) {
      await this.#readSome(keys.slice(start, start + this.#size), rows);
    }
    return rows;
  }

  async #readSome(keys: readonly string[], rows: Map<string, Row>): Promise<void> {
    const { entity, parse } = this.#wanted;
    const shown = keys.map(key => showKey(entity, key));
    const logged = new Map(shown.map((key, index) => [signatureOf(Object.values(key)), keys[index]!]));
    const { text } = await this.#engine.run(this.#prepare(shown, keys.length));
    for (const row of parse(text) as Row[]) {
      const key = logged.get(signatureOf(entity.key.map((_, index) => row[keyName(index)])));
      if (key !== undefined) rows.set(key, row);
    }
  }

  #prepare(keys: readonly Row[], take: number): PreparedRead {
    const { entity, principal, select = [], where, format = 'strings' } = this.#wanted;
    const condition = hasKey(entity, keys);
    const query: EntityQuery = {
      entity: entity.name,
      select: [
        ...entity.key.map((field, i) => ({ kind: 'field', field, as: keyName(i) }) as const),
        ...select,
      ],
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
