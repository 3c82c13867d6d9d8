// The bytes of a JSON file -> the texts of its objects, one after the other: of a list of objects, or of objects one a line.

import { type Fault, fault } from '../../../base/errors.ts';

export interface ObjectText {
  readonly text: string;
  readonly line: number;
}

const objectBytesMax = 4 * 1_048_576;
const objectsMax = 2_000_000;
/** As many as a value of JSON may have, and those of the object itself. */
const levelsMax = 101;

/**
 * @param text the file as UTF-8
 * @param list whether the objects stand in a list
 * @returns the texts of the objects of each chunk
 * @throws MALFORMED_REQUEST for what is not such a file, TOO_LARGE for too many objects or too long a one
 */
export async function* jsonObjects(
  text: AsyncIterable<Buffer>,
  list: boolean,
): AsyncGenerator<readonly ObjectText[]> {
  const scanner = new ObjectScanner(list);
  for await (const chunk of text) yield scanner.scan(chunk);
  scanner.end();
}

const code = (character: string) => character.charCodeAt(0);
const [quote, backslash, lineEnd, comma] = [code('"'), code('\\'), code('\n'), code(',')];
const [openObject, closeObject, openList, closeList] = [code('{'), code('}'), code('['), code(']')];
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, lineEnd, 0x0d]);

/** What may come next between objects. */
type Expected = 'list' | 'object or end' | 'object' | 'comma or end' | 'nothing';

class ObjectScanner {
  readonly #list: boolean;
  #expected: Expected;
  #line = 1;
  #count = 0;
  /** Of the object that is being read. */
  #levels = 0;
  #inString = false;
  #escaped = false;
  #beginLine = 1;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(list: boolean) {
    this.#list = list;
    this.#expected = list ? 'list' : 'object or end';
  }

  scan(chunk: Buffer): ObjectText[] {
    const found: ObjectText[] = [];
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === lineEnd) this.#line++;
      if (this.#levels === 0) {
        if (blanks.has(byte) || !this.#between(byte)) continue;
        begin = at;
      } else if (this.#within(byte)) {
        found.push(this.#take(chunk.subarray(begin, at + 1)));
      }
    }
    if (this.#levels > 0) this.#hold(chunk.subarray(begin));
    return found;
  }

  end(): void {
    if (this.#levels > 0) throw this.#malformed('the file ends within an object', this.#beginLine);
    if (this.#list && this.#expected !== 'nothing') throw this.#malformed('the list is not closed');
  }

  /** @returns whether an object begins */
  #between(byte: number): boolean {
    const expected = this.#expected;
    if (byte === openObject && (expected === 'object' || expected === 'object or end')) {
      this.#levels = 1;
      this.#beginLine = this.#line;
      return true;
    }
    if (expected === 'list' && byte === openList) this.#expected = 'object or end';
    else if (expected === 'comma or end' && byte === comma) this.#expected = 'object';
    else if (this.#list && byte === closeList && expected.endsWith('end')) this.#expected = 'nothing';
    else throw this.#malformed(`${describe[expected]} was expected`);
    return false;
  }

  /** @returns whether the object ends */
  #within(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inString = false;
      return false;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openObject || byte === openList) {
      if (++this.#levels > levelsMax) throw this.#tooDeep();
    } else if (byte === closeObject || byte === closeList) return --this.#levels === 0;
    return false;
  }

  #take(last: Buffer): ObjectText {
    this.#hold(last);
    const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#expected = this.#list ? 'comma or end' : 'object or end';
    if (++this.#count > objectsMax)
      throw fault('TOO_LARGE', `The file has more than ${objectsMax} objects.`, {
        hint: 'Send it in parts.',
      });
    return { text: bytes.toString('utf8'), line: this.#beginLine };
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > objectBytesMax) {
      const message = `The object that begins on line ${this.#beginLine} is longer than ${objectBytesMax} bytes.`;
      throw fault('TOO_LARGE', message, { target: 'file' });
    }
  }

  #tooDeep(): Fault {
    const message = `The object that begins on line ${this.#beginLine} has more than ${levelsMax - 1} lists and objects within one another.`;
    return fault('TOO_LARGE', message, { target: 'file' });
  }

  #malformed(reason: string, line = this.#line): Fault {
    return notJson(`line ${line}: ${reason}`);
  }
}

const describe: Readonly<Record<Expected, string>> = {
  list: 'a list, "["',
  'object or end': 'an object, "{",',
  object: 'an object, "{",',
  'comma or end': 'a comma or the end of the list, "]",',
  nothing: 'the end of the file',
};

/** @returns the error of a file that is not a list of objects */
export const notJson = (what: string, cause?: unknown): Fault =>
  fault('MALFORMED_REQUEST', `The file cannot be read as JSON; ${what}.`, {
    hint: 'Send a list of objects, [{"sku": "A"}], or one object on each line.',
    target: 'file',
    cause,
  });
