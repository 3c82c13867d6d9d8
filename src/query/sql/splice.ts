// What the database leaves open in the JSON text that it builds, and what is put there afterwards: values that TypeScript
// computes, cursors, and the news that a nested list was cut. The marks carry a nonce of this process, so no stored text can
// forge one.

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

/** The values and the nested lists of one plan, by the numbers that their marks carry. */
export class Splices {
  /** Each gives JSON for the texts that the database put into a mark. */
  readonly #values: ((texts: readonly (string | null)[]) => string)[] = [];
  readonly #lists: string[] = [];
  readonly #cursors?: Cursors;

  /** @param cursors for plans that give any */
  constructor(cursors?: Cursors) {
    this.#cursors = cursors;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0 && this.#lists.length === 0;
  }

  /** @returns an SQL expression of type text for a computed field, from the JSON array of what it needs */
  functionSql(field: FunctionField, entity: Entity, needs: string): string {
    return this.#mark(needs, texts => compute(field, entity, texts));
  }

  /** @param order what cursors of the list carry @param keys a JSON array of the row's sort keys @returns as `functionSql` */
  cursorSql(order: string, keys: string): string {
    return this.#mark(keys, texts => `"${this.#cursors!.seal(order, { keys: texts })}"`);
  }

  /**
   * @param query of a nested list with a continuation
   * @param keys how many texts are the key of the row that it belongs to
   * @param needs a JSON array of these, of the sort keys of the last row that is given, and of the number of rows
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

  /** @param path output path of a nested list: `orders.items` @returns an SQL constant that marks it as cut */
  cutSql(path: string): string {
    const number = this.#lists.push(path) - 1;
    return constant(`,"${nonce}:cut${number}"`);
  }

  /** @returns the JSON text without marks; output paths of the lists that were cut are added to `truncated` */
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

/** Decimal stays text, so that no digit is lost. */
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
