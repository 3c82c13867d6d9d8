// The transforms that a mapper may apply to a value, with their options. docs/reference/mappers.md describes them to users.

import * as v from 'valibot';

const op = <const Name extends string>(name: Name, description: string) =>
  v.pipe(v.literal(name), v.description(description));

const text = (lengthMax: number) => v.pipe(v.string(), v.maxLength(lengthMax));
const filled = (lengthMax: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(lengthMax));
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const words = v.pipe(v.array(text(100)), v.maxLength(1_000));

const decimal = v.optional(
  v.pipe(v.picklist(['.', ',']), v.description('The character before the decimals.')),
  '.',
);
const group = v.optional(
  v.pipe(
    v.picklist(['.', ',', "'", ' ', '_', '']),
    v.description('The character between groups of digits; a space stands for every kind of space.'),
  ),
  '',
);
const formats = v.pipe(
  v.array(filled(60)),
  v.minLength(1),
  v.maxLength(20),
  v.description('Formats such as `dd.MM.yyyy`. The first one that fits the value is used.'),
);
const locale = v.optional(
  v.pipe(text(20), v.description('The language of the names of months, such as `de`.')),
  'en',
);
const otherwise = (description: string) =>
  v.optional(v.pipe(v.picklist(['error', 'null', 'keep']), v.description(description)), 'error');

/** Each transform by its name, `op`. */
export const transformSchemas = [
  v.strictObject({ op: op('trim', 'Removes the spaces at both ends.') }),
  v.strictObject({
    op: op('collapse', 'Replaces each run of spaces and line ends by one space, and trims.'),
  }),
  v.strictObject({ op: op('lower', 'Changes all letters to lower case.') }),
  v.strictObject({ op: op('upper', 'Changes all letters to upper case.') }),
  v.strictObject({
    op: op('title', 'Changes the first letter of each word to upper case, the others to lower case.'),
  }),
  v.strictObject({ op: op('slug', 'Makes a short name for URLs: `Seeds & Bulbs` becomes `seeds-bulbs`.') }),
  v.strictObject({
    op: op('replace', 'Replaces a text wherever it occurs. The text is taken literally.'),
    find: filled(200),
    with: v.optional(text(200), ''),
  }),
  v.strictObject({
    op: op('extract', 'Keeps what a regular expression (RE2 syntax) matches.'),
    pattern: filled(200),
    group: v.optional(v.pipe(whole(0, 20), v.description('Default: the first group, or the whole match.'))),
    otherwise: otherwise('What a value without a match becomes.'),
  }),
  v.strictObject({
    op: op('nullIf', 'Turns these words into null, in any case.'),
    words: v.optional(words, ['null', 'n/a', 'na', 'none', '-', '--', '#n/a', 'nan']),
  }),
  v.strictObject({
    op: op('default', 'Replaces null, and text that is empty, by a value.'),
    value: text(1_000),
  }),
  v.strictObject({
    op: op('lookup', 'Replaces values by those of a table.'),
    table: v.record(text(200), v.nullable(text(1_000))),
    otherwise: otherwise('What a value that is not in the table becomes.'),
    ignoreCase: v.optional(v.boolean(), true),
  }),
  v.strictObject({
    op: op('number', 'Reads a number with these separators.'),
    decimal,
    group,
    shift: v.optional(
      v.pipe(whole(-9, 9), v.description('Moves the decimal point: -3 turns grams into kilograms.')),
      0,
    ),
  }),
  v.strictObject({
    op: op('currency', 'Reads an amount of money and removes the currency.'),
    decimal,
    group,
    currencies: v.optional(
      v.pipe(
        v.array(filled(10)),
        v.minLength(1),
        v.maxLength(50),
        v.description('Symbols or codes that are accepted. Any other is an error. Default: all.'),
      ),
    ),
    minorDigits: v.optional(
      v.pipe(whole(0, 4), v.description('Of amounts in minor units: 2 turns 1999 cents into 19.99.')),
      0,
    ),
  }),
  v.strictObject({
    op: op('percent', 'Reads a percentage, with or without its sign.'),
    decimal,
    group,
    as: v.optional(
      v.pipe(v.picklist(['fraction', 'number']), v.description('`fraction`: 19 % becomes 0.19.')),
      'fraction',
    ),
  }),
  v.strictObject({ op: op('date', 'Reads a date.'), formats, locale }),
  v.strictObject({
    op: op('dateTime', 'Reads a date and time, and turns it into UTC.'),
    formats,
    locale,
    zone: v.optional(
      v.pipe(text(60), v.description('The time zone of values without an offset, such as `Europe/Berlin`.')),
      'UTC',
    ),
  }),
  v.strictObject({
    op: op('boolean', 'Reads words for true and false, in any case.'),
    true: v.optional(v.pipe(words, v.description('Default: the words of eight languages, 1 and x.'))),
    false: v.optional(words),
  }),
  v.strictObject({
    op: op('split', 'Cuts text into a list. Parts are trimmed, and empty parts left out.'),
    separator: v.optional(filled(20), ','),
  }),
  v.strictObject({
    op: op('element', 'Takes one element of a list.'),
    index: v.pipe(whole(-1_000, 1_000), v.description('From 0; negative numbers count from the end.')),
  }),
  v.strictObject({ op: op('join', 'Joins a list to text.'), separator: v.optional(text(20), ', ') }),
  v.strictObject({
    op: op('path', 'Cuts a path such as `Clothing > Hoodies` into a list, for a relation to a tree.'),
    separator: v.optional(filled(20), '>'),
  }),
] as const;

export const transformSchema = v.variant('op', [...transformSchemas]);

/** A transform with every option, those with a default included. */
export type Transform = v.InferOutput<typeof transformSchema>;
export type TransformName = Transform['op'];
export type TransformOf<Name extends TransformName> = Extract<Transform, { op: Name }>;
