// Marks in the JSON text that the database builds, which are replaced afterwards: values that TypeScript functions compute,
// cursors, and truncated nested lists. The marks contain a random nonce of this process, so no stored text can forge one.

import { randomBytes } from 'node:crypto';
import type { Entity, FunctionField, ValueType } from '../../catalog/catalog.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Cursors } from '../cursor/cursor.ts';
import { constant } from './text.ts';

const nonce = randomBytes(12).toString('hex');
const marks = new RegExp(
  `,?"${nonce}:cut(\\d+)"|\\{"${nonce}:f(\\d+)":(\\[(?:null|"(?:[^"\\\\]|\\\\.)*"|[, ])*\\])\\}`,
  'g',
);

/** The computed values and nested lists of one plan, by the number in their marks. */
export class Splices {
  /** Each returns JSON for the texts that the database wrote into a mark. */
  readonly #values: ((texts: readonly (string | null)[]) => string)[] = [];
  readonly #lists: string[] = [];
  readonly #cursors?: Cursors;

  /** @param cursors required for plans that return cursors */
  constructor(cursors?: Cursors) {
    this.#cursors = cursors;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0 && this.#lists.length === 0;
  }

  /** @param needs SQL of the JSON array of the field's inputs @returns an SQL expression of type text for a function field */
  functionSql(field: FunctionField, entity: Entity, needs: string): string {
    return this.#mark(needs, texts => compute(field, entity, texts));
  }

  /** @param order order tag of the list @param keys SQL of a JSON array of the row's sort keys @returns as `functionSql` */
  cursorSql(order: string, keys: string): string {
    return this.#mark(keys, texts => `"${this.#cursors!.seal(order, { keys: texts })}"`);
  }

  /**
   * @param query query of a nested list with a continuation
   * @param keys how many texts form the key of the parent row
   * @param needs SQL of a JSON array of that key, the sort keys of the last row returned, and the number of rows
   */
  restSql({ continuation, page }: BoundQuery, keys: number, needs: string): string {
    const { order, left } = page!;
    return this.#mark(needs, texts => {
      const [sortKeys, rows] = texts.slice(keys) as [string, string];
      const content = {
        keys: JSON.parse(sortKeys),
        left: left === undefined ? undefined : left - Number(rows),
      };
      const cursor = this.#cursors!.seal(order, content);
      return JSON.stringify(continuation!.valueOf(texts.slice(0, keys) as string[], cursor));
    });
  }

  /** @param path output path of a nested list: `orders.items` @returns an SQL constant that marks it as truncated */
  cutSql(path: string): string {
    const number = this.#lists.push(path) - 1;
    return constant(`,"${nonce}:cut${number}"`);
  }

  /** @returns the JSON text without marks. Adds the output paths of truncated lists to `truncated`. */
  apply(text: string, truncated: Set<string>): string {
    if (this.isEmpty || !text.includes(nonce)) return text;
    return text.replaceAll(marks, (_mark, cut?: string, number?: string, needs?: string) => {
      if (cut === undefined) return this.#values[Number(number)]!(JSON.parse(needs!));
      truncated.add(this.#lists[Number(cut)]!);
      return '';
    });
  }

  #mark(needs: string, write: (texts: readonly (string | null)[]) => string): string {
    const number = this.#values.push(write) - 1;
    return `${constant(`{"${nonce}:f${number}":`)} || ${needs} || '}'`;
  }
}

function compute(field: FunctionField, entity: Entity, texts: readonly (string | null)[]): string {
  const row: Record<string, unknown> = {};
  for (const [index, name] of field.needs.entries()) {
    const column = entity.fields.get(name) as { readonly type: ValueType };
    row[name] = fromText(texts[index]!, column.type);
  }
  return JSON.stringify(field.compute(row) ?? null);
}

/** Decimal stays text, so that no digits are lost. */
function fromText(text: string | null, { scalar, list }: ValueType): unknown {
  if (text === null) return null;
  if (list) return JSON.parse(text);
  switch (scalar) {
    case 'Int':
    case 'Float':
      return Number(text);
    case 'BigInt':
      return BigInt(text);
    case 'Boolean':
      return text === 'true' || text === 't';
    case 'DateTime':
    case 'Date':
      return new Date(text);
    case 'Json':
      return JSON.parse(text);
    case 'Bytes':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}
