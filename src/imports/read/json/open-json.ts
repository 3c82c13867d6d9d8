// A JSON file -> its header and its rows. The keys of all objects are the columns, so that the file is read twice.

import { fault } from '../../../base/errors.ts';
import { parseVerbatimJson } from '../../../base/exact-json.ts';
import { emptyFile } from '../source/decode-text.ts';
import type { SourceRow } from '../source/row-source.ts';
import { jsonObjects, notJson, type ObjectText } from './json-objects.ts';

const columnsMax = 1_000;

/**
 * @param read the file as UTF-8, from its beginning each time
 * @param list whether the objects stand in a list
 * @throws MALFORMED_REQUEST for an empty file and for what is not JSON, TOO_LARGE
 */
export async function openJson(
  read: () => AsyncIterable<Buffer>,
  list: boolean,
): Promise<{ header: readonly string[]; rows: AsyncGenerator<readonly SourceRow[]> }> {
  const header = await keysOf(jsonObjects(read(), list));
  if (header.length === 0) throw emptyFile();
  return { header, rows: rowsOf(jsonObjects(read(), list), header) };
}

async function keysOf(portions: AsyncIterable<readonly ObjectText[]>): Promise<string[]> {
  const keys = new Set<string>();
  for await (const portion of portions) {
    for (const object of portion) {
      for (const key of Object.keys(parsed(object, JSON.parse))) keys.add(key);
      if (keys.size > columnsMax)
        throw fault('TOO_LARGE', `The objects of the file have more than ${columnsMax} keys.`, {
          target: 'file',
        });
    }
  }
  return [...keys];
}

async function* rowsOf(
  portions: AsyncIterable<readonly ObjectText[]>,
  header: readonly string[],
): AsyncGenerator<readonly SourceRow[]> {
  let row = 0;
  for await (const portion of portions) {
    yield portion.map(object => {
      const values = parsed(object, parseVerbatimJson);
      const cells = header.map(name => (Object.hasOwn(values, name) ? values[name] : undefined));
      return { row: ++row, line: object.line, cells, size: object.text.length };
    });
  }
}

function parsed({ text, line }: ObjectText, parse: (text: string) => unknown): Record<string, unknown> {
  try {
    return parse(text) as Record<string, unknown>;
  } catch (error) {
    throw notJson(`the object that begins on line ${line} is not valid`, error);
  }
}
