// What a caller may say besides the file, as parts of the form or in the URL.

import * as v from 'valibot';
import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Immutable } from '../../http/rest/immutable.ts';
import { checkOptions } from '../../http/rest/read-input.ts';
import type { Delimiter } from '../read/detect-delimiter.ts';

const delimiters = {
  auto: undefined,
  ',': ',',
  comma: ',',
  ';': ';',
  semicolon: ';',
  '\t': '\t',
  '\\t': '\t',
  tab: '\t',
  '|': '|',
  pipe: '|',
} as const satisfies Record<string, Delimiter | undefined>;

const delimiterNames = ['auto', 'comma', 'semicolon', 'tab', 'pipe'];

/** In any case; an empty option counts as absent. */
const choice = <const T extends readonly [string, ...string[]]>(...choices: T) =>
  v.pipe(
    v.string(),
    v.metadata({ enum: choices }),
    v.transform(word => word.toLowerCase() || choices[0]),
    v.picklist(choices),
  );

/** The options of an import, as parts of the form or in the URL. */
export const importOptions = v.strictObject({
  entity: v.pipe(v.string(), v.description('The set to import into, such as `products`.')),
  mapperId: v.optional(v.string()),
  mode: v.optional(choice('upsert', 'insert', 'update'), 'upsert'),
  /** What a row at fault does: refuse them all, or be left out. */
  onError: v.optional(choice('refuse', 'skip'), 'refuse'),
  delimiter: v.optional(
    v.pipe(
      v.string(),
      v.metadata({ description: `${delimiterNames.join(', ')}, or the character itself. Default: auto.` }),
      v.check(
        word => word === '' || Object.hasOwn(delimiters, word),
        `one of ${delimiterNames.join(', ')}, or the character itself`,
      ),
      v.transform((word): Delimiter | undefined => delimiters[word as keyof typeof delimiters]),
    ),
  ),
});

/** `delimiter` absent: found out from the header. */
export type ImportOptions = Immutable<Omit<v.InferOutput<typeof importOptions>, 'mapperId'>>;

const optionNames = Object.keys(importOptions.entries);

/** @throws UNKNOWN_OPTION with the nearest known name */
export function checkOptionName(name: string): void {
  if (optionNames.includes(name)) return;
  throw fault('UNKNOWN_OPTION', `There is no option "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, [...optionNames, 'file']) ?? `There are file, ${optionNames.join(', ')}.`,
    target: name.slice(0, 80),
  });
}

/** @throws MALFORMED_REQUEST without an entity, UNKNOWN_MAPPER, INVALID_VALUE */
export function toImportOptions(input: ReadonlyMap<string, string>): ImportOptions {
  const mapper = input.get('mapperId');
  if (mapper) {
    throw fault('UNKNOWN_MAPPER', `There is no mapper "${mapper.slice(0, 80)}".`, {
      hint: 'Leave mapperId out to match columns by name.',
      target: 'mapperId',
    });
  }
  const entity = input.get('entity');
  if (!entity) {
    throw fault('MALFORMED_REQUEST', 'The part "entity" is missing: it names the set to import into.', {
      hint: 'Such as entity=products.',
      target: 'entity',
    });
  }
  const { mapperId: _, ...options } = checkOptions(importOptions, Object.fromEntries(input));
  return options;
}
