// What the database leaves open in the JSON text that it builds, and what is put there afterwards: values that TypeScript
// computes, and the news that a nested list was cut. The marks carry a nonce of this process, so no stored text can forge one.

import { randomBytes } from 'node:crypto';
import type { Entity, FunctionField, ValueType } from '../catalog/catalog.ts';
import { constant } from './sql-text.ts';

const nonce = randomBytes(12).toString('hex');
const marks = new RegExp(
  `,?"${nonce}:cut(\\d+)"|\\{"${nonce}:f(\\d+)":(\\[(?:null|"(?:[^"\\\\]|\\\\.)*"|[, ])*\\])\\}`,
  'g',
);

/** The computed fields and the nested lists of one plan, by the numbers that their marks carry. */
export class Splices {
  readonly #functions: { field: FunctionField; entity: Entity }[] = [];
  readonly #lists: string[] = [];

  get isEmpty(): boolean {
    return this.#functions.length === 0 && this.#lists.length === 0;
  }

  /** @returns an SQL expression of type text for a computed field, from the JSON array of what it needs */
  functionSql(field: FunctionField, entity: Entity, needs: string): string {
    const number = this.#functions.push({ field, entity }) - 1;
    return `${constant(`{"${nonce}:f${number}":`)} || ${needs} || '}'`;
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
      if (cut === undefined) return this.#compute(Number(number), needs!);
      truncated.add(this.#lists[Number(cut)]!);
      return '';
    });
  }

  #compute(number: number, needs: string): string {
    const { field, entity } = this.#functions[number]!;
    const texts = JSON.parse(needs) as (string | null)[];
    const row: Record<string, unknown> = {};
    for (const [index, name] of field.needs.entries()) {
      const column = entity.fields.get(name) as { readonly type: ValueType };
      row[name] = fromText(texts[index]!, column.type);
    }
    return JSON.stringify(field.compute(row) ?? null);
  }
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
